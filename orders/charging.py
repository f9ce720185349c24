"""Paying with a card that its owner has kept: with him there, or (staff, with his consent) without him.

The card is one of the order's own person, or nobody's. With him there his bank may ask him on its page; without him a bank
that wants to ask declines, the order stays unpaid, and a mail brings him to the pay page where it can ask. Each confirmation
has a key of its own that changes with every decline, so that nothing is charged twice and a second try is a second try.
"""

import contextlib
from typing import Any

from checkout import saving_cards
from checkout.gateways import gateway_named
from checkout.gateways.base import GatewayRefused, GatewayUnavailable, Payment
from checkout.models import SavedCard
from orders import mails
from orders.asking import page_of
from orders.models import Order, PaymentAttempt
from orders.paying import PaymentRefused, PaymentUnavailable, Started, start_payment, unavailable
from orders.settling import check_later, handle_of, settle
from shop.accounts.models import User
from shop.core import events

CARD = "stripe"


def customer_for(user: User) -> str:
    """The provider's name for this person. Raises PaymentUnavailable, PaymentRefused."""
    try:
        return saving_cards.customer_of(user)
    except (GatewayUnavailable, GatewayRefused) as error:
        raise PaymentUnavailable(unavailable()) from error


def pay_with(order: Order, *, card: int, user: User, network: str = "", by: Any = None) -> Started:
    """The customer pays with the card of his that has this id; `redirect_url` where his bank wants to ask him.

    Raises saving_cards.NoSuchCard, AlreadyPaid, NotPayable, PaymentRefused, PaymentUnavailable.
    """
    kept = saving_cards.card_of(user, card)
    if order.user_id != user.pk:
        raise saving_cards.NoSuchCard(saving_cards.not_yours())
    attempt, payment = _confirm(order, kept, off_session=False, network=network, by=by)
    return Started(attempt, redirect_url=payment.redirect_url if attempt.is_active else "")


def charge(order: Order, *, card: int, by: Any) -> PaymentAttempt:
    """Staff charge a card of the order's person who is not there. Raises as pay_with does.

    Whatever keeps it from being paid, the customer gets a mail with the link to pay.
    """
    kept = saving_cards.card_of(order.user, card)
    events.record("order.charge_asked", order, by=by, card=kept.pk)
    try:
        attempt, _payment = _confirm(order, kept, off_session=True, by=by)
    except PaymentRefused:
        mails.pay_link(order)
        raise
    return attempt


def _confirm(
    order: Order, card: SavedCard, *, off_session: bool, network: str = "", by: Any
) -> tuple[PaymentAttempt, Payment]:
    attempt = start_payment(order, customer=customer_for(card.user), network=network, by=by).attempt
    key = f"{card.pk}:{attempt.declines}:{int(off_session)}"
    try:
        payment = gateway_named(CARD).confirm(
            handle_of(attempt),
            card=card.provider_ref,
            key=key,
            return_url=page_of(order, "confirming"),
            off_session=off_session,
        )
        return settle(attempt), payment
    except GatewayRefused as refusal:
        _settled(attempt)
        raise PaymentRefused(refusal.message) from refusal
    except GatewayUnavailable as error:
        check_later(attempt)
        raise PaymentUnavailable(unavailable()) from error


def _settled(attempt: PaymentAttempt) -> None:
    """The decline is counted now; if the provider falls silent, the reconciler does it."""
    with contextlib.suppress(GatewayUnavailable):
        settle(attempt)
