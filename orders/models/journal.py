from django.conf import settings
from django.db import models

from shop.core import clock


class JournalEntry(models.Model):
    """The truth about an order's money: what it owes and has paid is the sum of these rows. Append-only."""

    class Kind(models.TextChoices):
        PLACED = "placed"  # owed +
        CANCELLED = "cancelled"  # owed −
        RETURNED = "returned"  # owed −
        ALLOWANCE = "allowance"  # owed −: given without goods coming back
        CAPTURED = "captured"  # paid +
        REFUNDED = "refunded"  # paid −
        REFUND_FAILED = "refund_failed"  # paid +: the money came back to us
        DISPUTED = "disputed"  # paid −
        DISPUTE_WON = "dispute_won"  # paid +
        ZERO = "zero"  # nothing to pay

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="journal")
    kind = models.CharField(max_length=14, choices=Kind)
    owed_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    reference = models.CharField(
        max_length=120, null=True, unique=True
    )  # "capture:<attempt uuid>", "refund:<uuid>"
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name_plural = "journal entries"
