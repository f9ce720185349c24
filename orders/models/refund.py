import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shop.core import clock, locks
from shop.core.money import MoneyOf
from shop.core.states import Moves


class RefundQuerySet(models.QuerySet):
    def alive(self) -> Self:
        """Paid back, or about to be: counts against what was taken."""
        return self.filter(status__in=Refund.ALIVE)

    def under_way(self) -> Self:
        return self.filter(status__in=Refund.UNDER_WAY)

    def due(self) -> Self:
        return self.filter(next_check_at__lte=Now()).order_by("next_check_at", "pk")


class Refund(Moves):
    """Money on its way back. Stored and counted before the provider is asked."""

    LOCK_RANK = locks.REFUND

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        SUBMITTED = "submitted", _("No answer yet")  # asked, no answer yet
        PENDING = "pending", _("Under way")  # the provider (or a person) works on it
        SUCCEEDED = "succeeded", _("Paid back")
        FAILED = "failed", _("Failed")
        CANCELED = "canceled", _("Cancelled")

    UNDER_WAY = ["requested", "submitted", "pending"]
    ALIVE = [*UNDER_WAY, "succeeded"]
    _END = {Status.SUCCEEDED, Status.FAILED, Status.CANCELED}
    MOVES = {
        Status.REQUESTED: {Status.SUBMITTED, Status.PENDING, *_END},
        Status.SUBMITTED: {Status.PENDING, *_END},
        Status.PENDING: _END,
        Status.SUCCEEDED: {Status.FAILED},  # banks may send it back days later
    }

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="refunds")
    attempt = models.ForeignKey("orders.PaymentAttempt", models.PROTECT, related_name="refunds")
    status = models.CharField(max_length=10, choices=Status, default=Status.REQUESTED)
    as_credit = models.BooleanField(default=False)  # not by the way it was paid: as the buyer's store credit
    amount_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField(default=0)  # the part of it that is delivery
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=200, blank=True)
    cause = models.CharField(
        max_length=60, blank=True
    )  # "return:3", "cancellation": the same cause refunds once
    provider_ref = models.CharField(max_length=100, null=True, unique=True)
    error = models.CharField(max_length=300, blank=True)
    checks = models.PositiveSmallIntegerField(default=0)
    next_check_at = models.DateTimeField(null=True)  # when the provider is asked (again)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(auto_now=True)

    amount = MoneyOf("amount_minor")
    objects = RefundQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(
                fields=["next_check_at"], name="refund_to_check", condition=Q(next_check_at__isnull=False)
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_amount_positive"),
            models.UniqueConstraint(
                fields=["order", "attempt", "cause"],
                condition=~Q(cause="") & Q(status__in=["requested", "submitted", "pending", "succeeded"]),
                name="refund_once_per_cause",
            ),
        ]


class RefundLine(models.Model):
    """Which pieces a refund pays back, with their share of the price and of its tax."""

    refund = models.ForeignKey(Refund, models.CASCADE, related_name="lines")
    line = models.ForeignKey("orders.OrderLine", models.PROTECT, related_name="refund_lines")
    quantity = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()  # tax in it
    tax_minor = models.BigIntegerField(default=0)
