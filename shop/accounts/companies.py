"""What companies owe, against their credit limits. Orders tell it; nothing here knows what an order is.

A charge is one conditional UPDATE: two orders at the limit cannot both pass, whoever comes second is refused. What is open
of a reference is then kept at what the caller says is still due of it, so that paying, cancelling and refunding all relieve
the company by what they really changed. Going beyond the limit is only refused to a new charge.
"""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Min, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.accounts.models import Company, CompanyEntry
from shop.core import clock
from shop.core.errors import Refused


class CreditExceeded(Refused):
    """More than the company may owe, or it does not buy on invoice any more."""


def company_of(user: Any) -> Company | None:
    """For which company the person buys on invoice."""
    if not getattr(user, "is_authenticated", False):
        return None
    return Company.objects.filter(memberships__user=user, is_active=True).first()


def credit_of(user: Any, currency: str) -> int | None:
    """Minor units that the person may still buy on invoice; None: not on invoice at all."""
    company = company_of(user)
    return company.left.minor if company and company.currency == currency else None


@transaction.atomic
def charge(company: Company, *, reference: str, amount_minor: int, currency: str) -> CompanyEntry:
    """The same reference is charged once. Raises CreditExceeded."""
    if known := CompanyEntry.objects.filter(reference=reference, due_date__isnull=False).first():
        return known
    if not _within(company, amount_minor=amount_minor, currency=currency).update(
        open_minor=F("open_minor") + amount_minor
    ):
        raise CreditExceeded(
            _(
                "That is more than your company may owe by now. Pay an open invoice, or choose another way to pay."
            )
        )
    return CompanyEntry.objects.create(
        company=company,
        reference=reference,
        amount_minor=amount_minor,
        currency=currency,
        due_date=timezone.localdate(clock.now()) + timedelta(days=company.payment_days),
    )


@transaction.atomic
def keep_open(reference: str, *, amount_minor: int) -> None:
    """So much of it is still due. Nothing happens where the reference was never charged, or nothing changed."""
    entries = CompanyEntry.objects.filter(reference=reference)
    charged = entries.filter(due_date__isnull=False).first()
    change = amount_minor - (entries.aggregate(sum=Sum("amount_minor"))["sum"] or 0)
    if charged is None or not change:
        return
    Company.objects.filter(pk=charged.company_id).update(open_minor=F("open_minor") + change)
    CompanyEntry.objects.create(
        company_id=charged.company_id, reference=reference, amount_minor=change, currency=charged.currency
    )


def due_date(reference: str) -> date | None:
    found = CompanyEntry.objects.filter(reference=reference, due_date__isnull=False)
    return found.values_list("due_date", flat=True).first()


def open_items(company: Company | None = None) -> list[dict[str, Any]]:
    """reference, company, due, left of everything that is open; the longest due first."""
    entries = CompanyEntry.objects.filter(company=company) if company else CompanyEntry.objects.all()
    items = entries.order_by().values("reference", "company__name", "currency")
    summed = items.annotate(due=Min("due_date"), left=Sum("amount_minor"))
    return [dict(item) for item in summed.filter(left__gt=0).order_by("due")]


def overdue() -> list[str]:
    """The references whose day to pay has passed."""
    today = timezone.localdate(clock.now())
    return [item["reference"] for item in open_items() if item["due"] < today]


def _within(company: Company, *, amount_minor: int, currency: str) -> QuerySet[Company]:
    """The company, if it may be charged so much more: asked in the very statement that charges it."""
    return Company.objects.filter(
        pk=company.pk,
        is_active=True,
        currency=currency,
        open_minor__lte=F("credit_limit_minor") - amount_minor,
    )
