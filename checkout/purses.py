"""What goes into a purse and out of it: one row of its ledger each time, once per reference, under the purse's lock.

A purse never falls below zero: what is not there is refused here, and by the database, whoever asks. Orders tell by their
own references what they took and gave back, so that saying it twice changes nothing.
"""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from checkout.models import GiftCard, StoreCredit
from checkout.models.purse import Purse, PurseEntry
from shop.core import events
from shop.core.errors import Refused
from shop.core.locks import lock

Kind = PurseEntry.Kind
MODELS: dict[str, type[GiftCard] | type[StoreCredit]] = {
    GiftCard.KIND: GiftCard,
    StoreCredit.KIND: StoreCredit,
}


class NotEnough(Refused):
    """More was asked than is on it. `data["purse"]` is its reference."""


class CannotPay(Refused):
    """Blocked, expired, or of another currency. `data["purse"]` is its reference."""


def purse_of(reference: str) -> Purse:
    """By its name, as an order's payment remembers it. Raises KeyError, DoesNotExist."""
    kind, _colon, pk = reference.partition(":")
    found: Purse = MODELS[kind].objects.get(pk=pk)
    return found


@transaction.atomic
def spend(
    purse: Purse, *, amount_minor: int, currency: str, reference: str, about: str, by: Any = None
) -> None:
    """Take `amount_minor` off for an order (its number is `about`). Raises NotEnough, CannotPay."""
    purse = _locked(purse)
    if _is_known(purse, reference):
        return
    if purse.currency != currency or not _may_pay(purse):
        raise CannotPay(
            _("%(purse)s cannot be used any more.") % {"purse": purse.label}, purse=purse.reference
        )
    if not 0 < amount_minor <= purse.balance_minor:
        text = _("There is %(left)s left on %(purse)s.")
        raise NotEnough(text % {"left": purse.balance.format(), "purse": purse.label}, purse=purse.reference)
    _enter(purse, Kind.SPENT, -amount_minor, reference=reference, about=about, by=by)


@transaction.atomic
def give_back(purse: Purse, *, amount_minor: int, reference: str, about: str, by: Any = None) -> None:
    """What an order took, or owes, comes (back) to it. A card that has expired meanwhile gets it, too: staff decide."""
    purse = _locked(purse)
    if not _is_known(purse, reference):
        _enter(purse, Kind.RETURNED, amount_minor, reference=reference, about=about, by=by)


@transaction.atomic
def adjust(purse: Purse, *, amount_minor: int, reason: str, reference: str | None = None, by: Any) -> None:
    """Staff put something on it (above zero) or take it off. Raises NotEnough."""
    purse = _locked(purse)
    if reference and _is_known(purse, reference):
        return
    if purse.balance_minor + amount_minor < 0:
        text = _("Only %(left)s is on it.")
        raise NotEnough(text % {"left": purse.balance.format()}, purse=purse.reference)
    _enter(purse, Kind.ADJUSTED, amount_minor, reference=reference, reason=reason, by=by)


def enter_first(
    purse: Purse, *, reference: str | None, about: str = "", reason: str = "", by: Any = None
) -> None:
    """The first row of a card that was just made, in the transaction that made it."""
    assert isinstance(purse, GiftCard)
    _enter(purse, Kind.ISSUED, purse.initial_minor, reference=reference, about=about, reason=reason, by=by)


def enter_voided(purse: Purse, *, reference: str, about: str, by: Any = None) -> None:
    """All that is on it goes: the caller holds its lock."""
    if purse.balance_minor and not _is_known(purse, reference):
        _enter(purse, Kind.VOIDED, -purse.balance_minor, reference=reference, about=about, by=by)


def _locked(purse: Purse) -> Any:
    return lock(MODELS[purse.KIND].objects.filter(pk=purse.pk)).get()


def _may_pay(purse: Purse) -> bool:
    return not isinstance(purse, GiftCard) or GiftCard.objects.usable().filter(pk=purse.pk).exists()


def _is_known(purse: Any, reference: str) -> bool:
    found: bool = purse.entries.filter(reference=reference).exists()
    return found


def _enter(
    purse: Any,
    kind: Kind,
    amount_minor: int,
    *,
    reference: str | None,
    about: str = "",
    reason: str = "",
    by: Any = None,
) -> None:
    """The row and the sum; the database refuses a sum below zero."""
    purse.entries.create(
        kind=kind,
        amount_minor=amount_minor,
        currency=purse.currency,
        reference=reference,
        about=about,
        reason=reason[:200],
        actor=by if getattr(by, "pk", None) else None,
    )
    type(purse).objects.filter(pk=purse.pk).update(balance_minor=F("balance_minor") + amount_minor)
    purse.refresh_from_db(fields=["balance_minor"])
    told = {"kind": kind.value, "amount_minor": amount_minor, "about": about}
    if isinstance(purse, GiftCard):
        events.record("gift_card.booked", purse, by=by, **told)
    else:
        events.record("store_credit.booked", purse, by=by, **told)
