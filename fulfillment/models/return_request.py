from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.core import clock, locks, tokens
from shop.core.states import Moves


def rma_number() -> str:
    return f"R-{tokens.readable_number(1)}{tokens.readable_number(1)[:2]}"


class Return(Moves):
    """Goods coming back (an RMA): asked for, approved, received, inspected, settled."""

    LOCK_RANK = locks.FULFILLMENT

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        RECEIVED = "received", _("Received")
        INSPECTED = "inspected", _("Inspected")
        REFUNDED = "refunded", _("Refunded")
        CLOSED = "closed", _("Closed without refund")
        CANCELLED = "cancelled", _("Taken back")

    MOVES = {
        Status.REQUESTED: {Status.APPROVED, Status.REFUSED, Status.CANCELLED},
        Status.APPROVED: {Status.RECEIVED, Status.CANCELLED},
        Status.RECEIVED: {Status.INSPECTED},
        Status.INSPECTED: {Status.REFUNDED, Status.CLOSED},
    }

    number = models.CharField(max_length=12, unique=True, default=rma_number)
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="returns")
    status = models.CharField(max_length=10, choices=Status, default=Status.REQUESTED)
    note = models.TextField(_("note"), blank=True)
    refusal = models.CharField(max_length=250, blank=True)  # told to the customer
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.number


class ReturnLine(models.Model):
    class Reason(models.TextChoices):
        DISLIKE = "dislike", _("I do not like it")
        SIZE = "size", _("It does not fit")
        DAMAGED = "damaged", _("It arrived damaged")
        WRONG = "wrong", _("It is not what I ordered")
        LATE = "late", _("It came too late")
        OTHER = "other", _("Another reason")

    class Condition(models.TextChoices):
        SELLABLE = "sellable", _("As new: back on the shelf")
        DAMAGED = "damaged", _("Damaged: not sold again")
        MISSING = "missing", _("Not in the parcel")

    return_request = models.ForeignKey(Return, models.CASCADE, related_name="lines")
    order_line = models.ForeignKey("orders.OrderLine", models.PROTECT, related_name="return_lines")
    quantity = models.PositiveIntegerField()
    reason = models.CharField(max_length=10, choices=Reason)
    received = models.PositiveIntegerField(default=0)
    condition = models.CharField(max_length=10, choices=Condition, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["return_request", "order_line"], name="return_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="return_line_quantity"),
        ]
