from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.core import clock, locks
from shop.core.states import Moves


class FulfillmentOrder(Moves):
    """What one location has to send for one order."""

    LOCK_RANK = locks.FULFILLMENT

    class Status(models.TextChoices):
        RELEASED = "released", _("To pick")
        PICKED = "picked", _("To pack")
        PACKED = "packed", _("To ship")
        SHIPPED = "shipped", _("Shipped")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES = {
        Status.RELEASED: {Status.PICKED, Status.CANCELLED},
        Status.PICKED: {Status.PACKED, Status.RELEASED, Status.CANCELLED},
        Status.PACKED: {Status.SHIPPED, Status.PICKED, Status.CANCELLED},
    }

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="fulfillment_orders")
    location = models.ForeignKey("catalog.StockLocation", models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.RELEASED)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "location"],
                condition=~Q(status="cancelled"),
                name="fulfillment_once_per_location",
            )
        ]
        indexes = [models.Index(fields=["status", "created_at"], name="fulfillment_to_do")]


class FulfillmentLine(models.Model):
    fulfillment_order = models.ForeignKey(FulfillmentOrder, models.CASCADE, related_name="lines")
    order_line = models.ForeignKey("orders.OrderLine", models.PROTECT, related_name="fulfillment_lines")
    quantity = models.PositiveIntegerField()
    shipped = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fulfillment_order", "order_line"], name="fulfillment_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("shipped")), name="fulfillment_line_not_oversent"
            ),
        ]
