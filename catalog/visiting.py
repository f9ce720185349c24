"""For whom and in which currency a page shows prices.

Pages that are shared show what everybody pays, in the shop's own currency. Who has a session may be in a customer group,
and who chose another currency has its cookie: both get pages of their own (shop.core.http.shared_page), and only then is
the person looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from catalog.models import Variant
from catalog.prices.reading import groups_of, rules
from catalog.prices.reducing import with_lowest_prices
from catalog.pricing import Price, known_prices
from shop.core import clock
from shop.core.models import Shop


@dataclass(frozen=True)
class Visitor:
    """`customer` is a signed-in user or None."""

    currency: str
    customer: Any = None
    is_ordinary: bool = True  # sees what everybody sees


def visitor_of(request: HttpRequest, shop: Shop) -> Visitor:
    """No query without a session; with one, the person and his groups where lists for groups exist."""
    currency = currency_of(request, shop)
    customer = None
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        customer = request.user
    has_terms = customer is not None and any(
        rule.group_id in groups_of(customer) for rule in rules() if rule.group_id
    )
    return Visitor(currency, customer, is_ordinary=currency == shop.currency and not has_terms)


def currency_of(request: HttpRequest, shop: Shop) -> str:
    """What the visitor chose, as long as the shop offers it."""
    chosen = request.COOKIES.get(settings.SHOP_CURRENCY_COOKIE_NAME, "")
    return chosen if chosen in shop.currencies else shop.currency


def show_own_prices(cards: Sequence[dict[str, Any]], visitor: Visitor) -> None:
    """Put this visitor's prices on cards made from search rows; four queries at most, none for an ordinary visitor."""
    if visitor.is_ordinary or not cards:
        return
    variants = list(Variant.objects.filter(product__in=[card["id"] for card in cards], is_active=True))
    moment = clock.now()
    known = known_prices(variants, customer=visitor.customer, currency=visitor.currency, at=moment)
    known = with_lowest_prices(known, at=moment)
    by_product: dict[int, list[Price]] = {}
    for variant in variants:
        if variant.pk in known:
            by_product.setdefault(variant.product_id, []).append(known[variant.pk])
    for card in cards:
        card.update(_priced(by_product.get(card["id"], []), visitor.currency))


def _priced(prices: list[Price], currency: str) -> dict[str, Any]:
    """What changes on the card: the cheapest of a product's prices."""
    if not prices:
        note = _("Not sold in %(currency)s") % {"currency": currency}
        return {"price": None, "was": None, "lowest": None, "from": False, "price_note": note}
    prices = sorted(prices, key=lambda price: price.amount)
    first = prices[0]
    return {
        "price": first.amount,
        "was": first.compare_at,
        "lowest": first.lowest,
        "from": prices[-1].amount > first.amount,
        "price_note": first.words,
    }
