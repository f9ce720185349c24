"""A gift card that was bought is issued when its order is paid: one card a piece, once, however often it is asked for.

It is worth what stands on the line for one piece. Its code is made when it is sent (orders/sending_cards.py), not before.
What goes back for a card is only what nobody has spent: an untouched card is voided, a used one cannot be paid back.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from catalog.models import GiftCardTerms, Product
from catalog.products import gift_asking
from catalog.products.customizing import said_to
from checkout import gift_cards
from orders import progress
from orders.models import BoughtCard, Order, OrderLine
from shop.core import clock, events
from shop.core.errors import Refused
from shop.core.locks import lock

MORNING = time(8)  # of the day on which a card is sent
DAYS_A_MONTH = 30.44


class CardUsed(Refused):
    """Something of it was spent: it cannot be paid back."""


@transaction.atomic
def issue(order: Order) -> list[BoughtCard]:
    """The cards of a paid order that were not issued yet."""
    order = lock(Order.objects.filter(pk=order.pk)).get()
    is_paid_back = order.owed_minor <= 0 < order.total_minor
    if order.status == Order.Status.CANCELLED or order.due_minor > 0 or is_paid_back:
        return []
    made = [card for line in _lines(order) for card in _issue(order, line)]
    progress.refresh(order)
    return made


@transaction.atomic
def take_early(order: Order) -> None:
    """A card order that was only authorised is captured now: nothing of it will ever be sent."""
    order = lock(Order.objects.filter(pk=order.pk)).get()
    waits = order.payment_status == Order.PaymentStatus.AUTHORIZED
    if waits and not any(line.is_sent for line in order.lines.all()):
        events.record("payment.capture_requested", order)


def take_back(order: Order, *, pieces: Mapping[int, int] | None = None, by: Any = None) -> None:
    """Void the cards of {order line id: pieces}, None: of all. Raises CardUsed; the caller holds the order's lock."""
    for line in _lines(order):
        wanted = line.quantity if pieces is None else pieces.get(line.pk, 0)
        cards = [bought for bought in line.bought_cards.select_related("card") if not _is_voided(bought)]
        untouched = [bought for bought in cards if bought.card.is_untouched]
        if min(wanted, len(cards)) > len(untouched):
            raise CardUsed(
                _("%(name)s was used already: what was paid for it cannot go back.") % {"name": line.name}
            )
        for bought in untouched[:wanted]:
            _void(order, bought, by)


def _lines(order: Order) -> list[OrderLine]:
    return [line for line in order.lines.all() if line.kind == Product.Kind.GIFT_CARD]


def _issue(order: Order, line: OrderLine) -> list[BoughtCard]:
    known = set(line.bought_cards.values_list("piece", flat=True))
    gone = line.refund_lines.exclude(refund__status="canceled").aggregate(sum=Sum("quantity"))["sum"] or 0
    pieces = range(1, line.quantity - line.cancelled - gone + 1)
    return [_one(order, line, piece) for piece in pieces if piece not in known]


def _one(order: Order, line: OrderLine, piece: int) -> BoughtCard:
    card = gift_cards.issue(
        amount_minor=line.unit_minor,
        currency=line.currency,
        expires_at=_expiry(line),
        issued_for=f"line:{line.pk}:{piece}",
        about=order.number,
    )
    return BoughtCard.objects.create(
        line=line,
        piece=piece,
        card=card,
        to_name=said_to(line.custom, gift_asking.TO_NAME)[:80],
        to_email=said_to(line.custom, gift_asking.TO_EMAIL) or order.email,
        message=said_to(line.custom, gift_asking.MESSAGE),
        send_at=_moment(said_to(line.custom, gift_asking.SEND_ON)),
    )


def _expiry(line: OrderLine) -> datetime | None:
    """By the terms of the product as they are now; without a product or terms, for ever."""
    variant = line.variant
    terms = variant and GiftCardTerms.objects.filter(product=variant.product_id).first()
    if not (terms and terms.months_valid):
        return None
    return clock.now() + timedelta(days=round(terms.months_valid * DAYS_A_MONTH))


def _moment(day: str) -> datetime:
    """In the morning of the day that was asked for, or at once."""
    wanted = parse_date(day) if day else None
    if wanted is None or wanted <= timezone.localdate():
        return clock.now()
    return timezone.make_aware(datetime.combine(wanted, MORNING))


def _is_voided(bought: BoughtCard) -> bool:
    return bought.card.entries.filter(kind="voided").exists()


def _void(order: Order, bought: BoughtCard, by: Any) -> None:
    try:
        gift_cards.void(bought.card, reference=f"void:{bought.pk}", about=order.number, by=by)
    except gift_cards.AlreadyUsed as refusal:
        raise CardUsed(refusal.message) from refusal
    BoughtCard.objects.filter(pk=bought.pk).update(send_at=None)
