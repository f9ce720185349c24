"""Which ways of delivery there are to a country, for what price and when the goods arrive.

The price is that of the first row of the method's table whose weight is not below the goods' own; beyond the last row the
method is not offered. It falls to 0 when the goods, at catalogue prices after discounts, reach `free_from`. Prices are
catalogue prices: taxing makes of them what the customer sees. Deliveries come before pick-up, the cheapest first.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from checkout.models import Holiday, ShippingMethod, ShippingZone
from checkout.promising import arrival
from shop.core import clock
from shop.core.money import Money


@dataclass(frozen=True)
class Offer:
    """One way of delivery for these goods."""

    method: ShippingMethod
    price: Money
    earliest: date
    latest: date


def countries() -> list[str]:
    """Every country that something can be sent to (ISO 3166-1 alpha-2), the shop's zones in order."""
    zones = (
        ShippingZone.objects.filter(methods__is_active=True).distinct().values_list("countries", flat=True)
    )
    return list(dict.fromkeys(country for zone in zones for country in zone))


def methods_for(
    *, country: str, weight_g: int, goods_minor: int, currency: str, at: datetime | None = None
) -> list[Offer]:
    """What can be offered for goods of this weight and value (minor units) to `country`. Three queries."""
    methods = ShippingMethod.objects.offered_in(country)
    at = at or clock.now()
    holidays = (
        set(Holiday.objects.filter(day__gte=at.date()).values_list("day", flat=True)) if methods else ()
    )
    return offers(methods, weight_g=weight_g, goods=Money(goods_minor, currency), at=at, holidays=holidays)


def offers(
    methods: Iterable[ShippingMethod],
    *,
    weight_g: int,
    goods: Money,
    at: datetime,
    holidays: Collection[date] = (),
) -> list[Offer]:
    """The same without a query, from methods whose rates are loaded."""
    found = []
    for method in methods:
        price = price_of(method, weight_g=weight_g, goods=goods)
        if price is not None:
            days = (method.days_min, method.days_max)
            found.append(
                Offer(method, price, *arrival(at, cut_off=method.cut_off, days=days, holidays=holidays))
            )
    return sorted(found, key=lambda offer: (offer.method.is_pickup, offer.price.minor, offer.method.position))


def price_of(method: ShippingMethod, *, weight_g: int, goods: Money) -> Money | None:
    """The catalogue price, or None when the goods are too heavy for this method."""
    rates = sorted(
        (rate for rate in method.rates.all() if rate.currency == goods.currency),
        key=lambda rate: rate.up_to_g,
    )
    row = next((rate for rate in rates if weight_g <= rate.up_to_g), None)
    if row is None:
        return None
    is_free = method.free_from_minor is not None and goods.minor >= method.free_from_minor
    return Money(0 if is_free else row.price_minor, goods.currency)
