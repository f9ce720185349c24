"""Money that the shop keeps for somebody: on a gift card, or as a person's store credit.

The truth is the ledger; `balance_minor` is its sum, written in the same transaction (checkout/purses.py) and never below
zero. Of a gift card's code only a keyed hash and the last four characters are stored, and not before it is handed over.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shop.core import clock, locks
from shop.core.money import MoneyOf


class Purse(models.Model):
    """What gift cards and store credit have in common."""

    LOCK_RANK = locks.GIFT_CARD
    KIND = ""  # the code of the gateway by which it pays

    balance_minor = models.BigIntegerField(_("balance"), default=0)
    currency = models.CharField(_("currency"), max_length=3)
    created_at = models.DateTimeField(_("issued"), default=clock.now)

    balance = MoneyOf("balance_minor")

    class Meta:
        abstract = True

    @property
    def reference(self) -> str:
        """The name under which an order's payment remembers it: "gift_card:12"."""
        return f"{self.KIND}:{self.pk}"

    @property
    def label(self) -> str:
        raise NotImplementedError


class PurseEntry(models.Model):
    """One row of a ledger. Append-only; it holds ids, the shop's own words and amounts."""

    class Kind(models.TextChoices):
        ISSUED = "issued", _("Issued")  # +
        SPENT = "spent", _("Spent")  # −
        RETURNED = "returned", _("Given back")  # +: by an order that was cancelled, expired or refunded
        ADJUSTED = "adjusted", _("Adjusted")  # ±, by staff
        VOIDED = "voided", _("Voided")  # −: what was paid for it went back

    kind = models.CharField(_("what happened"), max_length=10, choices=Kind)
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(max_length=3)
    reference = models.CharField(
        max_length=120, null=True, unique=True
    )  # "capture:<attempt>", "refund:<uuid>"
    about = models.CharField(max_length=40, blank=True)  # the order's number
    reason = models.CharField(_("reason"), max_length=200, blank=True)  # the seller's own words
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    created_at = models.DateTimeField(_("moment"), default=clock.now)

    amount = MoneyOf("amount_minor")

    class Meta:
        abstract = True
        ordering = ["created_at", "pk"]


class GiftCardQuerySet(models.QuerySet):
    def usable(self) -> Self:
        """Neither blocked nor out of date, by the database's clock, and already handed over."""
        alive = Q(expires_at=None) | Q(expires_at__gt=Now())
        return self.filter(alive, is_blocked=False, code_hash__isnull=False)


class GiftCard(Purse):
    """Whoever knows its code may spend it."""

    KIND = "gift_card"

    code_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    last_four = models.CharField(_("last characters"), max_length=4, blank=True)
    initial_minor = models.BigIntegerField(_("value"))
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    is_blocked = models.BooleanField(_("blocked"), default=False)
    issued_for = models.CharField(max_length=60, null=True, unique=True)  # "line:12:1": issued once for it

    initial = MoneyOf("initial_minor")
    objects = GiftCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("gift card")
        verbose_name_plural = _("gift cards")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(balance_minor__gte=0), name="gift_card_not_overspent"),
            models.CheckConstraint(condition=Q(initial_minor__gt=0), name="gift_card_has_a_value"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """ "Gift card •••• 7F4K": as it may be shown to anybody."""
        return f"{_('Gift card')} •••• {self.last_four}" if self.last_four else str(_("Gift card"))

    @property
    def is_untouched(self) -> bool:
        """Nothing of it was spent: what was paid for it can go back."""
        return self.balance_minor == self.initial_minor and not self.is_blocked


class StoreCredit(Purse):
    """What the shop owes a person, in one currency, to be spent here."""

    KIND = "store_credit"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="store_credits",
        verbose_name=_("person"),
    )

    class Meta:
        verbose_name = _("store credit")
        verbose_name_plural = _("store credit")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "currency"], name="store_credit_once_per_currency"),
            models.CheckConstraint(condition=Q(balance_minor__gte=0), name="store_credit_not_overspent"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return str(_("Store credit"))


class GiftCardEntry(PurseEntry):
    purse = models.ForeignKey(GiftCard, models.PROTECT, related_name="entries")

    class Meta(PurseEntry.Meta):
        verbose_name_plural = _("entries of gift cards")


class StoreCreditEntry(PurseEntry):
    purse = models.ForeignKey(StoreCredit, models.PROTECT, related_name="entries")

    class Meta(PurseEntry.Meta):
        verbose_name_plural = _("entries of store credit")


class CheckoutGiftCard(models.Model):
    """A gift card that somebody means to pay with. Nothing is taken off it before the order is placed."""

    checkout = models.ForeignKey("checkout.Checkout", models.CASCADE, related_name="gift_cards")
    card = models.ForeignKey(GiftCard, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["checkout", "card"], name="checkout_gift_card_once")]
