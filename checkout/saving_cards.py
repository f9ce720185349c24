"""Cards that a person keeps for next time: only with consent, only the person's own, and gone when taken out.

The provider keeps the card; we keep what tells one from another. A card is found among a person's own or not at all, so
that an id from elsewhere is nobody's. Taking one out makes it unusable here at once; the provider is told by a worker.
"""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from checkout.gateways import stripe_cards
from checkout.gateways.base import KeptCard
from checkout.models import PaymentCustomer, SavedCard
from shop.accounts.models import User
from shop.core import clock, events
from shop.core.errors import Refused
from shop.core.locks import lock

MOST = 10


class NoSuchCard(Refused):
    """Not one of this person's cards."""


def cards_of(user: Any) -> QuerySet[SavedCard]:
    """The default first, then the newest; none for guests."""
    if not getattr(user, "is_authenticated", False):
        return SavedCard.objects.none()
    return SavedCard.objects.usable().filter(user=user)


def card_of(user: Any, pk: int) -> SavedCard:
    """Raises NoSuchCard."""
    card = cards_of(user).filter(pk=pk).first()
    if card is None:
        raise NoSuchCard(not_yours())
    return card


def not_yours() -> str:
    return _("Choose one of your cards, or another way to pay.")


def customer_of(user: User) -> str:
    """The provider's name for this person, made when there is none yet. Raises GatewayUnavailable, GatewayRefused.

    Asking twice is making one: the provider knows the person by our key.
    """
    known = PaymentCustomer.objects.filter(user=user).first()
    if known is None:
        made = stripe_cards.new_customer(user.pk)
        known, _made = PaymentCustomer.objects.get_or_create(user=user, defaults={"provider_ref": made})
    return known.provider_ref


def keep(user: User, card: KeptCard) -> SavedCard | None:
    """A card was used with the wish to keep it. The caller has a transaction open; a second time changes nothing."""
    if cards_of(user).count() >= MOST:
        return None
    kept, made = SavedCard.objects.get_or_create(
        provider_ref=card.provider_ref,
        defaults={
            "user": user,
            "brand": card.brand,
            "last4": card.last4,
            "exp_month": card.exp_month,
            "exp_year": card.exp_year,
        },
    )
    if made:
        events.record("saved_card.kept", kept)
    return kept


@transaction.atomic
def make_default(card: SavedCard, *, by: Any) -> None:
    list(lock(User.objects.filter(pk=card.user_id)))
    cards = SavedCard.objects.filter(user=card.user_id)
    cards.exclude(pk=card.pk).filter(is_default=True).update(is_default=False)
    cards.usable().filter(pk=card.pk).update(is_default=True)


@transaction.atomic
def remove(card: SavedCard, *, by: Any) -> None:
    """Nobody can pay with it from now on."""
    list(lock(User.objects.filter(pk=card.user_id)))
    gone = SavedCard.objects.usable().filter(pk=card.pk).update(removed_at=clock.now(), is_default=False)
    if gone:
        events.record("saved_card.removed", card, by=by)


def forget(card: SavedCard) -> None:
    """Have the provider forget it, then forget it here. Safe to repeat. Raises GatewayUnavailable."""
    if card.removed_at:
        stripe_cards.detach(card.provider_ref)
        card.delete()
