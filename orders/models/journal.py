from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.core import clock


class JournalEntry(models.Model):
    """The truth about an order's money: what it owes and has paid is the sum of these rows. Append-only.

    A dispute is not entered: the order is flagged for a person, and what the bank takes is settled at the provider.
    """

    class Kind(models.TextChoices):
        PLACED = "placed", _("Placed")  # owed +
        CANCELLED = "cancelled", _("Cancelled")  # owed −
        RETURNED = "returned", _("Returned")  # owed −
        ALLOWANCE = "allowance", _("Allowance")  # owed −: given without goods coming back
        CAPTURED = "captured", _("Paid")  # paid +
        REFUNDED = "refunded", _("Paid back")  # paid −
        REFUND_FAILED = "refund_failed", _("Refund came back")  # paid +: the money came back to us
        ZERO = "zero", _("Nothing to pay")  # nothing to pay

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
        verbose_name_plural = _("journal entries")
