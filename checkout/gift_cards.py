"""A gift card is money in advance: issued for a sum, spent by whoever knows its code, until nothing is left of it.

The code has 92 bits. It is made when the card is handed over, told once, and stored only as a keyed hash; who loses it gets
another one (`hand_over` again), with which the first is worth nothing. A card is untaxed when sold and pays taxed goods.
"""

import hashlib
import hmac
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from checkout import purses
from checkout.models import GiftCard
from shop.core import events, tokens
from shop.core.errors import Refused
from shop.core.locks import lock

GROUPS = 5  # of four characters


class NotIssued(Refused):
    """No such card can be issued."""


class AlreadyUsed(Refused):
    """Something was spent of it: it cannot be taken back."""


def hash_of(code: str, *, key: str = "") -> str:
    """Of a code as it is written; without the shop's key nobody can try codes against it."""
    secret = hashlib.sha256(b"till.gift-card" + (key or settings.SECRET_KEY).encode()).digest()
    return hmac.new(secret, code.encode(), hashlib.sha256).hexdigest()


def found_by(typed: str) -> GiftCard | None:
    """The usable card with this code, however it was typed. None for all others alike: unknown, blocked or expired."""
    code = tokens.as_written(typed, groups=GROUPS)
    hashes = [hash_of(code, key=key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return GiftCard.objects.usable().filter(code_hash__in=hashes).first()


@transaction.atomic
def issue(
    *,
    amount_minor: int,
    currency: str,
    expires_at: datetime | None = None,
    issued_for: str | None = None,
    about: str = "",
    reason: str = "",
    by: Any = None,
) -> GiftCard:
    """A card worth `amount_minor`, still without a code. The same `issued_for` is the same card. Raises NotIssued."""
    if issued_for and (known := GiftCard.objects.filter(issued_for=issued_for).first()):
        return known
    if amount_minor <= 0:
        raise NotIssued(_("A gift card is worth something."))
    card = GiftCard.objects.create(
        initial_minor=amount_minor, currency=currency, expires_at=expires_at, issued_for=issued_for
    )
    purses.enter_first(card, reference=f"issue:{card.pk}", about=about, reason=reason, by=by)
    return card


@transaction.atomic
def hand_over(card: GiftCard, *, by: Any = None) -> str:
    """Its code, made now and never to be read again. One that was told before is worth nothing from here on."""
    card = _locked(card)
    code = tokens.readable_number(GROUPS)
    GiftCard.objects.filter(pk=card.pk).update(code_hash=hash_of(code), last_four=code[-4:])
    events.record("gift_card.handed_over", card, by=by)
    return code


@transaction.atomic
def block(card: GiftCard, *, by: Any) -> GiftCard:
    """Nobody can pay with it until it is released; what is on it stays."""
    card = _locked(card)
    if not card.is_blocked:
        _set_blocked(card, True)
        events.record("gift_card.blocked", card, by=by)
    return card


@transaction.atomic
def release(card: GiftCard, *, by: Any) -> GiftCard:
    """It can be used again."""
    card = _locked(card)
    if card.is_blocked:
        _set_blocked(card, False)
        events.record("gift_card.released", card, by=by)
    return card


@transaction.atomic
def void(card: GiftCard, *, reference: str, about: str, by: Any = None) -> GiftCard:
    """What was paid for it goes back: it is emptied and blocked. Raises AlreadyUsed when something was spent of it."""
    card = _locked(card)
    if card.entries.filter(reference=reference).exists():
        return card
    if not card.is_untouched:
        raise AlreadyUsed(_("%(card)s was used already.") % {"card": card.label})
    purses.enter_voided(card, reference=reference, about=about, by=by)
    return block(card, by=by)


def _set_blocked(card: GiftCard, is_blocked: bool) -> None:
    GiftCard.objects.filter(pk=card.pk).update(is_blocked=is_blocked)
    card.is_blocked = is_blocked


def _locked(card: GiftCard) -> GiftCard:
    return lock(GiftCard.objects.filter(pk=card.pk)).get()
