"""A bought gift card goes to its recipient by mail on its day, and the buyer hears that it went.

The code is made with the mail and is its secret: the stored message does not show it. Sending again makes another code,
and the one in the first mail is worth nothing from then on.
"""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from checkout import gift_cards
from checkout.card_links import token_for
from checkout.models import GiftCard
from orders import mails
from orders.models import BoughtCard
from shop.core import mail
from shop.core.errors import Refused
from shop.core.http import absolute
from shop.core.locks import lock


class NotToBeSent(Refused):
    """Blocked, voided or expired."""


def send_due(limit: int = 100) -> int:
    """Periodic: those whose moment has come."""
    due = BoughtCard.objects.filter(send_at__lte=Now(), card__is_blocked=False).order_by("send_at", "pk")
    sent = 0
    for bought in due[:limit]:
        sent += send(bought)
    return sent


@transaction.atomic
def send(bought: BoughtCard) -> bool:
    """The first time. False when it was sent, or taken back, meanwhile."""
    card = lock(GiftCard.objects.filter(bought=bought.pk)).get()
    bought = BoughtCard.objects.select_related("line__order").get(pk=bought.pk)
    if bought.send_at is None or card.is_blocked:
        return False
    _send(bought, card, by=None)
    mails.gift_card_sent(bought)
    return True


@transaction.atomic
def send_again(bought: BoughtCard, *, by: Any) -> None:
    """With another code, because the first mail was lost. Raises NotToBeSent."""
    card = lock(GiftCard.objects.filter(bought=bought.pk)).get()
    bought = BoughtCard.objects.select_related("line__order").get(pk=bought.pk)
    if card.is_blocked or not card.balance_minor:
        raise NotToBeSent(_("This card is blocked or empty: there is nothing to send."))
    _send(bought, card, by=by)


def mail_card(
    card: GiftCard,
    *,
    code: str,
    to: str,
    key: str,
    bought: BoughtCard | None = None,
    sender: str = "",
    language: str = "",
) -> None:
    """The mail with the code, which is its secret."""
    with translation.override(language or translation.get_language()):
        url = absolute(reverse("orders:gift-card", args=[token_for(code)]))
    mail.send(
        "gift_card",
        to=to,
        context={
            "bought": bought,
            "amount": card.balance,
            "sender": sender,
            "until": card.expires_at and timezone.localdate(card.expires_at),
        },
        secrets={"code": code, "card_url": url},
        key=key,
        language=language,
        about=card,
    )


def _send(bought: BoughtCard, card: GiftCard, *, by: Any) -> None:
    order = bought.line.order
    mail_card(
        card,
        code=gift_cards.hand_over(card, by=by),
        to=bought.to_email,
        key=f"{bought.pk}:{bought.sendings + 1}",
        bought=bought,
        sender=mails.sender_of(order),
        language=order.language,
    )
    BoughtCard.objects.filter(pk=bought.pk).update(send_at=None, sent_at=Now(), sendings=bought.sendings + 1)
