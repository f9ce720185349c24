import base64
import uuid

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from checkout.carriers import Status as Told
from shop.core import clock, locks
from shop.core.states import Moves
from shop.core.storage import private


class ShipmentQuerySet(models.QuerySet):
    def alive(self):
        return self.exclude(status=Shipment.Status.CANCELLED)

    def sent(self):
        """Has left the house."""
        return self.filter(shipped_at__isnull=False)

    def with_contents(self):
        lines = ShipmentLine.objects.select_related("order_line").order_by("order_line__position", "pk")
        return self.select_related(
            "fulfillment_order__order", "fulfillment_order__location"
        ).prefetch_related(Prefetch("lines", lines), "events")


class Shipment(Moves):
    """A parcel: its label, where it is, and what is in it. `delivered` is left by nothing but a return to us."""

    LOCK_RANK = locks.FULFILLMENT
    PICKUP = "pickup"  # no carrier: the customer collects it here

    class Status(models.TextChoices):
        LABEL_PENDING = "label_pending", _("Waits for its label")
        LABELLED = "labelled", _("Ready to go")
        SHIPPED = "shipped", _("On its way")
        OUT_FOR_DELIVERY = "out_for_delivery", _("Out for delivery")
        READY_FOR_PICKUP = "ready_for_pickup", _("Waits at a pick-up point")
        PROBLEM = "problem", _("Held up")
        DELIVERED = "delivered", _("Delivered")
        RETURNING = "returning", _("On its way back to us")
        CANCELLED = "cancelled", _("Cancelled")

    WAITING = ["label_pending", "labelled"]
    UNDER_WAY = ["shipped", "out_for_delivery", "ready_for_pickup", "problem"]
    _MOVING = {
        Status.SHIPPED,
        Status.OUT_FOR_DELIVERY,
        Status.READY_FOR_PICKUP,
        Status.PROBLEM,
        Status.DELIVERED,
        Status.RETURNING,
    }
    MOVES = {
        Status.LABEL_PENDING: {Status.LABELLED, Status.CANCELLED},
        Status.LABELLED: {Status.SHIPPED, Status.CANCELLED},
        Status.SHIPPED: _MOVING - {Status.SHIPPED},
        Status.OUT_FOR_DELIVERY: _MOVING - {Status.OUT_FOR_DELIVERY},
        Status.READY_FOR_PICKUP: _MOVING - {Status.READY_FOR_PICKUP},
        Status.PROBLEM: _MOVING - {Status.PROBLEM},
        Status.DELIVERED: {Status.RETURNING},
    }

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    fulfillment_order = models.ForeignKey(
        "fulfillment.FulfillmentOrder", models.PROTECT, related_name="shipments"
    )
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.LABEL_PENDING)
    carrier = models.CharField(_("carrier"), max_length=20)
    service = models.CharField(_("service"), max_length=40, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=60, blank=True, db_index=True)
    provider_ref = models.CharField(max_length=100, blank=True)
    label = models.FileField(storage=private, upload_to="labels/", blank=True)
    label_error = models.CharField(max_length=300, blank=True)
    label_unsure = models.BooleanField(default=False)  # the carrier was asked, and may have made one
    label_voided = models.BooleanField(default=False)
    label_lease_until = models.DateTimeField(null=True)  # a worker is asking the carrier until then
    cost_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, default="EUR")
    weight_g = models.PositiveIntegerField(default=0)
    expected_date = models.DateField(null=True)
    created_at = models.DateTimeField(_("made"), default=clock.now)
    shipped_at = models.DateTimeField(_("handed over"), null=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    next_poll_at = models.DateTimeField(null=True)
    polls = models.PositiveSmallIntegerField(default=0)  # in a row without news
    poll_error = models.CharField(max_length=300, blank=True)

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name, verbose_name_plural = _("shipment"), _("shipments")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["label_pending", "labelled", "cancelled"])
                | Q(shipped_at__isnull=False),
                name="shipment_sent_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status="delivered") | Q(delivered_at__isnull=False),
                name="shipment_delivered_has_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_poll_at"],
                name="shipment_to_poll",
                condition=models.Q(next_poll_at__isnull=False),
            ),
            models.Index(fields=["status", "created_at"], name="shipment_by_status"),
        ]

    def __str__(self):
        return self.tracking_number or self.reference[:8]

    @property
    def reference(self) -> str:
        """The name under which the carrier is asked for its label: 26 letters, never used for another."""
        return base64.b32encode(self.uuid.bytes).decode().rstrip("=")

    @property
    def order(self):
        return self.fulfillment_order.order

    @property
    def is_sent(self) -> bool:
        return self.shipped_at is not None


class ShipmentLine(models.Model):
    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="lines")
    order_line = models.ForeignKey("orders.OrderLine", models.PROTECT, related_name="shipment_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipment", "order_line"], name="shipment_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="shipment_line_of_something"),
        ]


class TrackingEvent(models.Model):
    """What the carrier said, once."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="events")
    status = models.CharField(max_length=20, choices=Told)
    code = models.CharField(max_length=40, blank=True)
    description = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=120, blank=True)
    happened_at = models.DateTimeField()

    class Meta:
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "happened_at", "code", "description"], name="tracking_event_once"
            )
        ]
