"""Back in stock: whoever leaves an address at something that is sold out gets one mail when it can be had again.

The address of a signed-in person is known to be his; any other is asked by mail first, and nothing more is sent to it
before its owner says yes. That consent is kept with its moment and may be taken back by the link in each mail. One mail,
then it is over. What nobody confirmed is forgotten after a week, what was told after a month, what waited in vain after a year.
"""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from cart.models import StockAlert
from catalog import stock
from catalog.browsing import LineCard, line_cards
from catalog.models import Variant
from shop.core import clock, mail
from shop.core.errors import Refused
from shop.core.http import absolute

UNCONFIRMED, TOLD, IN_VAIN = timedelta(days=7), timedelta(days=30), timedelta(days=365)


class NothingToWaitFor(Refused):
    """It is there, or it will never be."""


@transaction.atomic
def ask(variant: Variant, *, email: str, user: Any = None) -> StockAlert:
    """Wait for it, in the present language; asked again, it is the same wish. Raises NothingToWaitFor."""
    if not Variant.objects.on_sale_now().filter(pk=variant.pk).exists():
        raise NothingToWaitFor(_("%(name)s is no longer on sale.") % {"name": variant.full_name})
    if stock.available([variant.pk])[variant.pk] >= variant.min_quantity:
        raise NothingToWaitFor(_("%(name)s is in stock: you can buy it now.") % {"name": variant.full_name})
    is_own = user is not None and user.email.casefold() == email.casefold()
    alert = _waiting_for(variant, email) or _made(variant, email, user if is_own else None)
    if is_own:
        confirm(alert)
    elif alert.confirmed_at is None:
        _ask_for_consent(alert)
    return alert


def confirm(alert: StockAlert) -> None:
    """The owner of the address agrees. Harmless twice."""
    StockAlert.objects.filter(pk=alert.pk, confirmed_at=None).update(confirmed_at=Now())


def stop(alert: StockAlert) -> None:
    """Consent taken back: the address is forgotten."""
    alert.delete()


def tell(variants: list[int]) -> int:
    """One mail each to all who wait for those of `variants` that can be had now; returns how many. Safe to run twice."""
    found = StockAlert.objects.waiting().filter(variant__in=variants).select_related("variant__product")
    waiting = list(found.order_by("pk")[:1000])
    cards = line_cards({alert.variant_id: 1 for alert in waiting})
    there = {pk for pk, card in cards.items() if card.is_on_sale and card.available >= card.min_quantity}
    return sum(_tell(alert, cards[alert.variant_id]) for alert in waiting if alert.variant_id in there)


def tell_all() -> int:
    """Periodic: what no event told of, such as a product that is published again."""
    waited_for = StockAlert.objects.waiting().order_by().values_list("variant", flat=True).distinct()
    return tell(list(waited_for[:5000]))


def forget_old() -> int:
    """Periodic; returns how many addresses are forgotten."""
    now = clock.now()
    old = Q(confirmed_at=None, created_at__lt=now - UNCONFIRMED)
    old |= Q(told_at__lt=now - TOLD) | Q(created_at__lt=now - IN_VAIN)
    return StockAlert.objects.filter(old).delete()[0]


def _waiting_for(variant: Variant, email: str) -> StockAlert | None:
    return StockAlert.objects.filter(variant=variant, email__iexact=email, told_at=None).first()


def _made(variant: Variant, email: str, user: Any) -> StockAlert:
    language = translation.get_language() or ""
    try:
        with transaction.atomic():
            return StockAlert.objects.create(variant=variant, email=email, user=user, language=language)
    except IntegrityError:  # pressed twice at once
        return StockAlert.objects.get(variant=variant, email__iexact=email, told_at=None)


def _ask_for_consent(alert: StockAlert) -> None:
    """Once a day at most, however often it is asked for."""
    mail.send(
        "stock_alert_confirm",
        to=alert.email,
        context={"variant": alert.variant},
        secrets={"link": absolute(reverse("cart:alert", args=[alert.token]))},
        key=f"alert:{alert.pk}:{clock.now():%Y-%m-%d}",
        language=alert.language,
    )


@transaction.atomic
def _tell(alert: StockAlert, card: LineCard) -> bool:
    """Whoever marks it first sends the mail."""
    if not StockAlert.objects.filter(pk=alert.pk, told_at=None).update(told_at=Now()):
        return False
    with translation.override(alert.language or None):
        link = absolute(alert.variant.get_absolute_url())
        stop_link = absolute(reverse("cart:alert", args=[alert.token]))
    mail.send(
        "back_in_stock",
        to=alert.email,
        context={"card": card, "link": link, "image": _picture(card)},
        secrets={"unsubscribe_url": stop_link},
        key=f"alert:{alert.pk}",
        language=alert.language,
    )
    return True


def _picture(card: LineCard) -> dict | None:
    return mail.picture({"src": card.photo.thumb, "alt": ""}) if card.photo else None
