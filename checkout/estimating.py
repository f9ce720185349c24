"""What a cart would cost with its delivery, before anybody has said where to: nothing may be added later unannounced.

The cheapest delivery counts, to the country that was asked for or else the shop's own. Elsewhere the tax is that of the
country; where it depends on the region it is only known once the address is.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from cart.offering import deal_for
from cart.totals import CartTotals
from catalog.models import Product
from checkout import addresses, shipping_rates
from checkout.addresses import country_name
from checkout.quote import Quote
from checkout.quoting import Basket, calculate
from checkout.shipping_rates import Destination, Piece
from checkout.taxing import Place, Taxation, taxation_for
from shop.core import clock
from shop.core.models import Shop
from shop.core.money import Money


@dataclass(frozen=True)
class Estimate:
    """`quote` is without delivery when none is offered; `missing` is what lacks to free delivery (None: no such thing)."""

    country: str
    postcode: str  # in the country's spelling; empty where none was said, or none that could be one
    countries: tuple[str, ...]
    quote: Quote
    missing: Money | None
    share: int  # per cent of the way to free delivery

    @property
    def country_name(self) -> str:
        return country_name(self.country)

    @property
    def is_served(self) -> bool:
        """Whether anything at all goes there."""
        return self.country in self.countries

    @property
    def is_deliverable(self) -> bool:
        """Where nothing travels, everything arrives."""
        return self.quote.shipping is not None or not self.quote.needs_delivery


def estimate(
    cart: CartTotals, *, country: str = "", postcode: str = "", shop: Shop | None = None
) -> Estimate:
    """Three queries for the shop's own country, three more for another, or where a postcode narrows it down."""
    shop = shop or Shop.current()
    found = shipping_rates.tables()
    countries = tuple(sorted({code for table in found for code in table.method.zone.countries}))
    country = country if country in countries else shop.country
    postcode = addresses.postcode_in(country, postcode)
    there = [table for table in found if table.goes_to(country)]
    travels = any(line.card.kind not in Product.UNSENT for line in cart.counted)
    offers = travels and shipping_rates.offers(
        there,
        weight_g=cart.weight_g,
        goods=cart.goods,
        made_in_days=cart.made_in_days,
        ready_by=cart.ready_by,
        to=Destination(country, postcode=postcode),
        pieces=[Piece(line.card.weight_g, line.quantity, line.card.shipping_class) for line in cart.counted],
    )
    basket = Basket(
        currency=cart.currency,
        country=country,
        items=tuple((line.card, line.quantity) for line in cart.counted),
        taxation=_taxation(country, postcode, shop),
        extras=cart.extras,
        offers=tuple(offers or ()),
        offer=offers[0] if offers else None,
        deal=deal_for(
            cart.cart,
            (line.card for line in cart.counted),
            currency=cart.currency,
            user_id=cart.cart.user_id if cart.cart else None,
            country=country,
            is_binding=False,
        ),
    )
    missing, share = _free_delivery(there, cart.goods) if travels else (None, 0)
    return Estimate(country, postcode, countries, calculate(basket), missing, share)


def _taxation(country: str, postcode: str, shop: Shop) -> Taxation:
    """At home, prices that contain the tax need no rates to be added up."""
    if country == shop.country and shop.prices_include_tax and not postcode:
        untaxed = Place(is_inclusive=True, rounds_lines=True, rates={})
        return Taxation(untaxed, untaxed, prices_include_tax=True, digital=untaxed)
    today: date = timezone.localdate(clock.now())
    return taxation_for(country, postcode=postcode, on=today)


def _free_delivery(found: list[shipping_rates.Table], goods: Money) -> tuple[Money | None, int]:
    thresholds = [t.method.free_from_minor for t in found if t.method.free_from_minor]
    if not thresholds:
        return None, 0
    free_from = min(thresholds)
    return Money(max(0, free_from - goods.minor), goods.currency), min(100, goods.minor * 100 // free_from)
