import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shop.core import clock, locks
from shop.core.money import MoneyOf
from shop.core.states import Moves


class PaymentAttemptQuerySet(models.QuerySet):
    def active(self) -> Self:
        return self.filter(status__in=PaymentAttempt.ACTIVE)

    def due(self) -> Self:
        """The provider is to be asked again, by the database's clock."""
        return self.filter(next_check_at__lte=Now()).order_by("next_check_at", "pk")


class PaymentAttempt(Moves):
    """One try to get one sum by one means. Moves forward only; `unknown` (a time-out) is never taken for failed."""

    LOCK_RANK = locks.PAYMENT

    class Status(models.TextChoices):
        NEW = "new", _("New")  # stored before the provider is asked
        UNKNOWN = "unknown", _("No answer yet")  # asked, no answer
        INTENT_CREATED = "intent_created", _("Waits for the customer")
        REQUIRES_ACTION = "requires_action", _("At the customer's bank")
        PROCESSING = "processing", _("Under way")
        PROMISED = "promised", _("Promised")  # cash on delivery
        AUTHORIZED = "authorized", _("Authorised")
        CAPTURED = "captured", _("Captured")
        FAILED = "failed", _("Failed")
        CANCELED = "canceled", _("Cancelled")

    ACTIVE = ["new", "unknown", "intent_created", "requires_action", "processing", "promised", "authorized"]

    _OPEN = {
        Status.INTENT_CREATED,
        Status.REQUIRES_ACTION,
        Status.PROCESSING,
        Status.AUTHORIZED,
        Status.CAPTURED,
    }
    _END = {Status.FAILED, Status.CANCELED}
    MOVES = {
        Status.NEW: {Status.UNKNOWN, Status.PROMISED, *_OPEN, *_END},
        Status.UNKNOWN: {*_OPEN, *_END},
        Status.INTENT_CREATED: {*_OPEN, *_END} - {Status.INTENT_CREATED},
        Status.REQUIRES_ACTION: {*_OPEN, *_END} - {Status.REQUIRES_ACTION},
        Status.PROCESSING: {
            Status.INTENT_CREATED,
            Status.REQUIRES_ACTION,
            Status.AUTHORIZED,
            Status.CAPTURED,
            *_END,
        },
        Status.PROMISED: {Status.CAPTURED, Status.CANCELED},
        Status.AUTHORIZED: {Status.CAPTURED, Status.CANCELED},
        Status.FAILED: {Status.CAPTURED},  # the provider has the last word
        Status.CANCELED: {Status.CAPTURED},
    }

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="attempts")
    gateway = models.CharField(max_length=20)
    status = models.CharField(max_length=16, choices=Status, default=Status.NEW)
    purse = models.CharField(
        max_length=40, blank=True
    )  # "gift_card:12": what it was taken from; see checkout/purses.py
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    provider_ref = models.CharField(max_length=100, null=True, unique=True)  # PaymentIntent id
    is_hosted = models.BooleanField(default=False)  # paid on the provider's own page, not on ours
    session_ref = models.CharField(max_length=100, blank=True)  # hosted Checkout session id
    customer_ref = models.CharField(max_length=100, blank=True)  # whose kept cards may pay it
    keeps_card = models.BooleanField(default=False)  # the customer agreed to have the card kept
    network = models.CharField(max_length=20, blank=True)  # where it was begun, see orders/braking.py
    charge_ref = models.CharField(max_length=100, blank=True)  # the latest try that was declined
    declines = models.PositiveSmallIntegerField(default=0)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.CharField(max_length=300, blank=True)  # for the customer
    means = models.CharField(max_length=60, blank=True)  # "Visa •••• 4242"
    checks = models.PositiveSmallIntegerField(default=0)
    next_check_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(auto_now=True)

    amount = MoneyOf("amount_minor")
    objects = PaymentAttemptQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(
                    status__in=[
                        "new",
                        "unknown",
                        "intent_created",
                        "requires_action",
                        "processing",
                        "promised",
                        "authorized",
                    ]
                ),
                name="attempt_one_active_per_order",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="attempt_amount_positive"),
        ]
        indexes = [
            models.Index(
                fields=["network", "updated_at"], name="attempt_declined", condition=Q(declines__gt=0)
            ),
            models.Index(
                fields=["next_check_at"], name="attempt_to_check", condition=Q(next_check_at__isnull=False)
            ),
        ]

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE
