import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.core import clock, locks
from shop.core.states import Moves
from shop.core.storage import private


class Shipment(Moves):
    """A parcel: its label, where it is, and what is in it."""

    LOCK_RANK = locks.FULFILLMENT

    class Status(models.TextChoices):
        LABEL_PENDING = "label_pending", _("Waits for its label")
        LABELLED = "labelled", _("Labelled")
        SHIPPED = "shipped", _("On its way")
        OUT_FOR_DELIVERY = "out_for_delivery", _("Out for delivery")
        PROBLEM = "problem", _("Held up")
        DELIVERED = "delivered", _("Delivered")
        RETURNING = "returning", _("On its way back")
        CANCELLED = "cancelled", _("Cancelled")

    _MOVING = {Status.SHIPPED, Status.OUT_FOR_DELIVERY, Status.PROBLEM, Status.DELIVERED, Status.RETURNING}
    MOVES = {
        Status.LABEL_PENDING: {Status.LABELLED, Status.SHIPPED, Status.CANCELLED},
        Status.LABELLED: {Status.SHIPPED, Status.CANCELLED},
        Status.SHIPPED: _MOVING - {Status.SHIPPED},
        Status.OUT_FOR_DELIVERY: _MOVING - {Status.OUT_FOR_DELIVERY},
        Status.PROBLEM: _MOVING - {Status.PROBLEM},
        Status.RETURNING: {Status.PROBLEM, Status.DELIVERED},
    }

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    fulfillment_order = models.ForeignKey(
        "fulfillment.FulfillmentOrder", models.PROTECT, related_name="shipments"
    )
    status = models.CharField(max_length=16, choices=Status, default=Status.LABEL_PENDING)
    carrier = models.CharField(max_length=20)
    service = models.CharField(max_length=40, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True, db_index=True)
    provider_ref = models.CharField(max_length=100, blank=True)
    label = models.FileField(storage=private, upload_to="labels/", blank=True)
    label_error = models.CharField(max_length=300, blank=True)
    cost_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, default="EUR")
    weight_g = models.PositiveIntegerField(default=0)
    expected_date = models.DateField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    next_poll_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(
                fields=["next_poll_at"],
                name="shipment_to_poll",
                condition=models.Q(next_poll_at__isnull=False),
            )
        ]


class ShipmentLine(models.Model):
    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="lines")
    order_line = models.ForeignKey("orders.OrderLine", models.PROTECT, related_name="shipment_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipment", "order_line"], name="shipment_line_once")]


class TrackingEvent(models.Model):
    """What the carrier said, once."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="events")
    status = models.CharField(max_length=20)
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
