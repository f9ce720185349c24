"""Store credit: what the shop owes a signed-in person, to be spent here. One purse a person and currency.

It comes from refunds that were wanted that way, and from staff. Only its owner spends it.
"""

from typing import Any

from django.db import transaction

from checkout import purses
from checkout.models import StoreCredit


def credit_of(user: Any, *, currency: str) -> StoreCredit | None:
    """What this person has in this currency; None for nobody, and where there never was any."""
    if not getattr(user, "pk", None):
        return None
    return StoreCredit.objects.filter(user=user, currency=currency).first()


def open_for(user: Any, *, currency: str) -> StoreCredit:
    """The person's purse, made empty if there is none."""
    return StoreCredit.objects.get_or_create(user=user, currency=currency)[0]


@transaction.atomic
def grant(
    user: Any, *, amount_minor: int, currency: str, reason: str, reference: str | None = None, by: Any
) -> StoreCredit:
    """Staff give it, or take it back (below zero). Raises purses.NotEnough."""
    purse = open_for(user, currency=currency)
    purses.adjust(purse, amount_minor=amount_minor, reason=reason, reference=reference, by=by)
    purse.refresh_from_db()
    return purse
