from django.db import models

from cart.models import GiftOption
from orders.models.order import Order
from shop.core.money import MoneyOf


class OrderCharge(models.Model):
    """What was agreed beside the goods and their delivery: gift wrap, a greeting card."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="charges")
    kind = models.CharField(max_length=10, choices=GiftOption.Kind)
    name = models.CharField(max_length=60)
    total_minor = models.BigIntegerField()  # as printed, like a line's
    tax_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    position = models.PositiveSmallIntegerField(default=0)

    total = MoneyOf("total_minor")

    class Meta:
        ordering = ["position", "pk"]
