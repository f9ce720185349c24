"""What a checkout is paid with before the chosen means of payment gets the rest: gift cards, then store credit.

Gift cards come first, in the order in which they were entered; store credit covers what is left. A gift card does not pay
for a gift card: that would give it a new life, and a stolen one a new name. Here it is only said who would pay how much;
the money is taken when the order is placed (orders/placing.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from catalog.models import Product
from checkout import gift_cards
from checkout.models import Checkout, CheckoutGiftCard, GiftCard, StoreCredit
from checkout.models.purse import Purse
from checkout.quote import QuoteTender
from checkout.starting import open_one
from checkout.store_credit import credit_of
from shop.core import limits
from shop.core.errors import Refused

MOST_CARDS = 5
# A code has 92 bits; the limits only keep guessing from being a load.
PER_CHECKOUT = {"limit": 20, "seconds": 900}
PER_NETWORK = {"limit": 60, "seconds": 900}


class CardNotAccepted(Refused):
    """The same words for a code that does not exist, that is blocked and that has expired."""


@dataclass(frozen=True)
class PurseSeen:
    """A purse as it was when the quote was made."""

    reference: str
    kind: str
    label: str
    balance_minor: int


@dataclass(frozen=True)
class Purses:
    """What this checkout may be paid with."""

    cards: tuple[PurseSeen, ...] = ()
    credit: PurseSeen | None = None


def check_guess(*buckets: str) -> None:
    """Before a code is looked up: `buckets` say who asks. Raises limits.TooMany."""
    for bucket, most in zip(buckets, (PER_CHECKOUT, PER_NETWORK), strict=False):
        limits.hit(f"gift-card:{bucket}", **most)


@transaction.atomic
def add_card(checkout: Checkout, *, code: str) -> GiftCard:
    """Mean to pay with it, once. Raises CardNotAccepted, CheckoutClosed. The caller has counted the guess."""
    checkout = open_one(checkout)
    card = gift_cards.found_by(code)
    if card is None or not card.balance_minor:
        raise CardNotAccepted(
            _("We do not know this code, or nothing can be paid with it. Check each character.")
        )
    if card.currency != checkout.currency:
        text = _("This gift card is in %(currency)s, your order is in %(other)s.")
        raise CardNotAccepted(text % {"currency": card.currency, "other": checkout.currency})
    if not checkout.lines.exclude(variant__product__kind=Product.Kind.GIFT_CARD).exists():
        raise CardNotAccepted(_("A gift card cannot pay for a gift card. Choose another way to pay."))
    known = checkout.gift_cards.filter(card=card).exists()
    if not known and checkout.gift_cards.count() >= MOST_CARDS:
        raise CardNotAccepted(_("At most %(count)s gift cards pay for one order.") % {"count": MOST_CARDS})
    CheckoutGiftCard.objects.get_or_create(checkout=checkout, card=card)
    _touch(checkout)
    return card


@transaction.atomic
def remove_card(checkout: Checkout, *, pk: int) -> None:
    """Do not pay with the gift card of this id after all."""
    checkout = open_one(checkout)
    checkout.gift_cards.filter(card=pk).delete()
    _touch(checkout)


@transaction.atomic
def use_credit(checkout: Checkout, *, wanted: bool) -> None:
    """Whether store credit, if there is any, pays before anything else does."""
    checkout = open_one(checkout)
    Checkout.objects.filter(pk=checkout.pk).update(uses_credit=wanted, updated_at=Now())


def purses_of(checkout: Checkout) -> Purses:
    """What it can be paid with now: cards that are blocked, expired or empty by now are left out. Two queries at most."""
    entered = GiftCard.objects.usable().filter(
        pk__in=checkout.gift_cards.values("card"), currency=checkout.currency, balance_minor__gt=0
    )
    order = {pk: at for at, pk in enumerate(checkout.gift_cards.values_list("card", flat=True))}
    cards = sorted(entered, key=lambda card: order.get(card.pk, 0)) if order else []
    credit = credit_of(checkout.user, currency=checkout.currency) if checkout.uses_credit else None
    return Purses(
        tuple(_seen(card) for card in cards), _seen(credit) if credit and credit.balance_minor else None
    )


def tenders_for(purses: Purses, *, total_minor: int, cards_minor: int) -> tuple[QuoteTender, ...]:
    """Who pays how much of the total; gift cards no more than `cards_minor` of it. Pure."""
    found = list(_take(purses.cards, min(total_minor, cards_minor)))
    left = total_minor - sum(tender.amount_minor for tender in found)
    return (*found, *_take([purses.credit] if purses.credit else [], left))


def offered_credit(checkout: Checkout, user: Any) -> StoreCredit | None:
    """The signed-in buyer's own, for the box that he may tick; None where there is nothing on it."""
    credit = (
        credit_of(user, currency=checkout.currency) if checkout.user_id == getattr(user, "pk", 0) else None
    )
    return credit if credit and credit.balance_minor else None


def _take(purses: Iterable[PurseSeen], wanted: int) -> Sequence[QuoteTender]:
    found = []
    for purse in purses:
        if part := min(wanted, purse.balance_minor):
            found.append(
                QuoteTender(purse.reference, purse.kind, purse.label, part, purse.balance_minor - part)
            )
            wanted -= part
    return found


def _seen(purse: Purse) -> PurseSeen:
    return PurseSeen(purse.reference, purse.KIND, purse.label, purse.balance_minor)


def _touch(checkout: Checkout) -> None:
    Checkout.objects.filter(pk=checkout.pk).update(updated_at=Now())
