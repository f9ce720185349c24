from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.core import clock
from shop.core.money import Money, MoneyOf


class Company(models.Model):
    """A company that buys on invoice: its terms, and what it owes by now.

    `open_minor` is a copy of the sum of its ledger, written by shop/accounts/companies.py alone. What it buys goes by each
    order's own address and VAT id; those here are of the account.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    vat_id = models.CharField(_("VAT id"), max_length=20, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=30)
    credit_limit_minor = models.BigIntegerField(
        _("credit limit"),
        default=0,
        help_text=_("In cents. What is open and a new order together stay within it."),
    )
    open_minor = models.BigIntegerField(_("open"), default=0, editable=False)
    guarantee = models.CharField(
        _("payment guarantee"),
        max_length=200,
        blank=True,
        help_text=_("What stands behind it: a credit insurer's number, a bank's guarantee and its end."),
    )
    is_active = models.BooleanField(
        _("buys on invoice"),
        default=True,
        help_text=_("Off: it pays like everybody else; what is open stays open."),
    )
    members: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="CompanyMember", related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)

    open, credit_limit = MoneyOf("open_minor"), MoneyOf("credit_limit_minor")

    class Meta:
        ordering = ["name"]
        verbose_name, verbose_name_plural = _("company"), _("companies")
        constraints = [
            models.CheckConstraint(condition=Q(open_minor__gte=0), name="company_open_not_negative"),
            models.CheckConstraint(condition=Q(credit_limit_minor__gte=0), name="company_limit_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def left(self) -> Money:
        """What it may still buy on invoice."""
        return Money(max(0, self.credit_limit_minor - self.open_minor), self.currency)


class CompanyMember(models.Model):
    """Who may buy for the company. One person buys for one company."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="memberships")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="company_membership")

    class Meta:
        verbose_name, verbose_name_plural = _("member"), _("members")

    def __str__(self) -> str:
        return str(self.user)


class CompanyEntry(models.Model):
    """The ledger of what a company owes: charged, and relieved of it. Append-only.

    `reference` says what for ("order:K7F4-9QXM"); the sum of its entries is what is open of it.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="entries")
    reference = models.CharField(max_length=60)
    amount_minor = models.BigIntegerField()  # below zero: relieved
    currency = models.CharField(max_length=3)
    due_date = models.DateField(null=True)  # of a charge
    created_at = models.DateTimeField(default=clock.now)

    amount = MoneyOf("amount_minor")

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name, verbose_name_plural = _("entry"), _("entries")
        indexes = [models.Index(fields=["reference"], name="company_entry_reference")]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_minor=0), name="company_entry_not_zero"),
            models.UniqueConstraint(
                fields=["reference"], condition=Q(due_date__isnull=False), name="company_entry_charged_once"
            ),
        ]
