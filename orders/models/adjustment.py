from django.db import models
from django.db.models import Q

from shop.core.money import MoneyOf


class Adjustment(models.Model):
    """What one promotion took off one line, or off the delivery (no line), as printed. Frozen when the order is placed."""

    order = models.ForeignKey("orders.Order", models.CASCADE, related_name="adjustments")
    line = models.ForeignKey("orders.OrderLine", models.CASCADE, null=True, related_name="adjustments")
    promotion = models.ForeignKey("cart.Promotion", models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=80)
    code = models.CharField(max_length=40, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    amount = MoneyOf("amount_minor")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="adjustment_takes_something_off")
        ]
