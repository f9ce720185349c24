from django.db import models

from orders.models.charge import OrderCharge
from orders.models.order import Order, OrderLine


class TaxLine(models.Model):
    """One tax on one line, on one charge, or on the delivery (neither). Frozen when the order is placed."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="tax_lines")
    line = models.ForeignKey(OrderLine, models.CASCADE, null=True, related_name="tax_lines")
    charge = models.ForeignKey(OrderCharge, models.CASCADE, null=True, related_name="tax_lines")
    name = models.CharField(max_length=40)
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    taxable_minor = models.BigIntegerField()  # net
    tax_minor = models.BigIntegerField()
    reason = models.CharField(max_length=40, blank=True)  # why 0: "export" …
