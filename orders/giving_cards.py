"""A gift card from the shop itself: issued by staff with a reason, mailed or told once."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from checkout import gift_cards
from checkout.models import GiftCard
from orders import sending_cards


@transaction.atomic
def give(
    *,
    amount: int,
    currency: str,
    reason: str,
    once: UUID,
    email: str = "",
    expires_on: date | None = None,
    by: Any,
) -> tuple[GiftCard, str]:
    """The card, valid through the day `expires_on`, and its code; mailed where an address is given.

    The same `once` is the same card, whose code is then another one.
    """
    card = gift_cards.issue(
        amount_minor=amount,
        currency=currency,
        expires_at=timezone.make_aware(datetime.combine(expires_on, time.max)) if expires_on else None,
        issued_for=f"staff:{once}",
        reason=reason,
        by=by,
    )
    code = gift_cards.hand_over(card, by=by)
    card.refresh_from_db()
    if email:
        sending_cards.mail_card(card, code=code, to=email, key=f"staff:{once}")
    return card, code
