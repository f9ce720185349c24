from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.core import clock, locks
from shop.core.money import MoneyOf
from shop.core.states import Moves


class BankStatement(models.Model):
    """A file that the bank gave us, once; `digest` is its SHA-256."""

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(_("file"), max_length=200)
    credits = models.PositiveIntegerField(_("credits"))  # that it shows
    left_out = models.PositiveIntegerField(default=0)  # what went out, or is not booked yet
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = _("bank statement"), _("bank statements")

    def __str__(self) -> str:
        return self.name


class TransferQuerySet(models.QuerySet):
    def to_do(self) -> Self:
        """Somebody has to say what they are for."""
        return self.filter(status__in=[Transfer.Status.NEW, Transfer.Status.PROPOSED])


class Transfer(Moves):
    """Money that came into our account, as the bank says; booked to one order at most, once."""

    LOCK_RANK = locks.IMPORT

    class Status(models.TextChoices):
        NEW = "new", _("Matches nothing")
        PROPOSED = "proposed", _("Proposed")
        BOOKED = "booked", _("Booked")
        IGNORED = "ignored", _("Not for an order")

    MOVES = {
        Status.NEW: {Status.PROPOSED, Status.BOOKED, Status.IGNORED},
        Status.PROPOSED: {Status.NEW, Status.BOOKED, Status.IGNORED},
        Status.IGNORED: {Status.BOOKED},
    }

    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="transfers")
    key = models.CharField(max_length=64, unique=True)  # the same in every statement that shows it
    status = models.CharField(max_length=10, choices=Status, default=Status.NEW)
    booked_date = models.DateField(_("date"))
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    payer = models.CharField(_("payer"), max_length=140, blank=True)
    text = models.CharField(_("text"), max_length=1000, blank=True)
    order = models.ForeignKey("orders.Order", models.PROTECT, null=True, related_name="transfers")
    attempt = models.OneToOneField(
        "orders.PaymentAttempt", models.PROTECT, null=True, related_name="transfer"
    )
    why = models.CharField(max_length=300, blank=True)  # it is proposed, or matches nothing
    created_at = models.DateTimeField(default=clock.now)

    amount = MoneyOf("amount_minor")
    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-booked_date", "-pk"]
        verbose_name, verbose_name_plural = _("bank transfer"), _("bank transfers")
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="transfer_amount_positive"),
            models.CheckConstraint(
                condition=Q(status="booked", order__isnull=False, attempt__isnull=False)
                | (~Q(status="booked") & Q(attempt__isnull=True)),
                name="transfer_booked_to_an_attempt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount.format()} · {self.payer or self.text[:40]}"
