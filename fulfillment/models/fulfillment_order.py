from django.db import models
from django.db.models import F, Prefetch, Q, Sum
from django.utils.translation import gettext_lazy as _

from shop.core import clock, locks
from shop.core.states import Moves


class FulfillmentOrderQuerySet(models.QuerySet):
    def open(self):
        """Something is still to be done."""
        return self.filter(status__in=FulfillmentOrder.OPEN)

    def for_listing(self):
        return self.select_related("order", "location").annotate(pieces=Sum("lines__quantity"))

    def with_lines(self):
        lines = FulfillmentLine.objects.select_related("order_line").order_by("order_line__position", "pk")
        return self.select_related("order", "location").prefetch_related(Prefetch("lines", lines))


class FulfillmentOrder(Moves):
    """What one location has to send for one order; once more for what comes in after somebody has begun to pick."""

    LOCK_RANK = locks.FULFILLMENT

    class Status(models.TextChoices):
        RELEASED = "released", _("To pick")
        PICKED = "picked", _("To pack")
        PACKED = "packed", _("To ship")
        SHIPPED = "shipped", _("Shipped")
        CANCELLED = "cancelled", _("Cancelled")

    OPEN = ["released", "picked", "packed"]
    MOVES = {
        Status.RELEASED: {Status.PICKED, Status.CANCELLED},
        Status.PICKED: {Status.PACKED, Status.RELEASED, Status.CANCELLED},
        Status.PACKED: {Status.SHIPPED, Status.PICKED, Status.CANCELLED},
    }

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="fulfillment_orders")
    location = models.ForeignKey("catalog.StockLocation", models.PROTECT, related_name="+")
    seller = models.ForeignKey(
        "accounts.Seller",
        models.PROTECT,
        verbose_name=_("sent by"),
        related_name="+",
        null=True,
        blank=True,
    )  # whose place it was when it was released; None: the shop's own
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.RELEASED)
    created_at = models.DateTimeField(_("since"), default=clock.now)

    objects = FulfillmentOrderQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name, verbose_name_plural = _("order to send"), _("orders to send")
        indexes = [models.Index(fields=["status", "created_at"], name="fulfillment_to_do")]

    def __str__(self):
        return self.order.number

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN


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
            models.CheckConstraint(condition=Q(quantity__gte=1), name="fulfillment_line_of_something"),
        ]

    @property
    def left(self) -> int:
        """Still in the house."""
        return self.quantity - self.shipped
