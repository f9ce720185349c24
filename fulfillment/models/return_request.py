from django.conf import settings
from django.db import models
from django.db.models import Count, F, Prefetch, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop.core import clock, locks, tokens
from shop.core.states import Moves


def rma_number() -> str:
    return f"R-{tokens.readable_number(1)}{tokens.readable_number(1)[:2]}"


class ReturnQuerySet(models.QuerySet):
    def alive(self):
        """Their pieces are spoken for: they cannot be asked back once more."""
        return self.exclude(status__in=[Return.Status.REFUSED, Return.Status.CANCELLED])

    def for_listing(self):
        return self.select_related("order").annotate(pieces=Sum("lines__quantity"), line_count=Count("lines"))

    def with_lines(self):
        lines = ReturnLine.objects.select_related("order_line").order_by("order_line__position", "pk")
        return self.select_related("order").prefetch_related(Prefetch("lines", lines))


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

    number = models.CharField(_("number"), max_length=12, unique=True, default=rma_number)
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="returns")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.REQUESTED)
    note = models.TextField(_("note"), blank=True)  # the customer's
    refusal = models.CharField(
        max_length=250, blank=True
    )  # why not, or why without refund: told to the customer
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("asked for"), default=clock.now)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = _("return"), _("returns")
        indexes = [models.Index(fields=["status", "created_at"], name="return_to_do")]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("fulfillment:return", args=[self.order.number, self.number])

    @property
    def cause(self) -> str:
        """Under this name it is refunded, once."""
        return f"return:{self.pk}"


class ReturnLine(models.Model):
    class Reason(models.TextChoices):
        DISLIKE = "dislike", _("I do not like it")
        SIZE = "size", _("It does not fit")
        DAMAGED = "damaged", _("It arrived damaged")
        WRONG = "wrong", _("It is not what I ordered")
        LATE = "late", _("It came too late")
        OTHER = "other", _("Another reason")
        UNDELIVERED = "undelivered", _("It could not be delivered")  # ours to say, not the customer's

    class Condition(models.TextChoices):
        SELLABLE = "sellable", _("As new: back on the shelf")
        DAMAGED = "damaged", _("Damaged: not sold again")
        MISSING = "missing", _("Not in the parcel")

    return_request = models.ForeignKey(Return, models.CASCADE, related_name="lines")
    order_line = models.ForeignKey("orders.OrderLine", models.PROTECT, related_name="return_lines")
    quantity = models.PositiveIntegerField()
    reason = models.CharField(max_length=12, choices=Reason)
    received = models.PositiveIntegerField(default=0)
    condition = models.CharField(max_length=10, choices=Condition, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["return_request", "order_line"], name="return_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="return_line_quantity"),
            models.CheckConstraint(
                condition=Q(received__lte=F("quantity")), name="return_line_received_was_asked"
            ),
        ]
