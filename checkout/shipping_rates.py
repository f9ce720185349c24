"""Which ways of delivery there are to a country, for what price and when the goods arrive.

The price is that of the first row of the method's table whose weight is not below the goods' own; beyond the last row the
method is not offered. It falls to 0 when the goods, at catalogue prices before promotions, reach `free_from`. Prices are
catalogue prices: taxing makes of them what the customer sees. Deliveries come before pick-up, the cheapest first.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache

from checkout.models import Holiday, ShippingMethod, ShippingRate, ShippingZone
from checkout.promising import arrival
from shop.core import clock
from shop.core.money import Money

KEPT_KEY, KEPT_SECONDS = "delivery-facts", 30


@dataclass(frozen=True)
class Offer:
    """One way of delivery for these goods."""

    method: ShippingMethod
    price: Money
    earliest: date
    latest: date


@dataclass(frozen=True)
class Table:
    """A method and its rows, the lightest first."""

    method: ShippingMethod
    rates: tuple[ShippingRate, ...]

    def goes_to(self, country: str) -> bool:
        only = self.method.only_countries
        return country in self.method.zone.countries and (not only or country in only)


def tables(country: str = "") -> list[Table]:
    """The price tables of everything that goes to `country`, or anywhere. One query."""
    methods = ShippingMethod.objects.offered_in(country) if country else ShippingMethod.objects.active()
    rates = ShippingRate.objects.filter(method__in=methods).select_related("method__zone").order_by("up_to_g")
    found: dict[int, list[ShippingRate]] = {}
    for rate in rates:
        found.setdefault(rate.method_id, []).append(rate)
    return [Table(rows[0].method, tuple(rows)) for rows in found.values()]


def countries() -> list[str]:
    """Every country that something can be sent to (ISO 3166-1 alpha-2)."""
    zones = (
        ShippingZone.objects.filter(methods__is_active=True).distinct().values_list("countries", flat=True)
    )
    return list(dict.fromkeys(country for zone in zones for country in zone))


def methods_for(
    *,
    country: str,
    weight_g: int,
    goods_minor: int,
    currency: str,
    at: datetime | None = None,
    made_in_days: int = 0,
    ready_by: date | None = None,
) -> list[Offer]:
    """What can be offered for goods of this weight and value (minor units) to `country`, that are ready to leave after
    `made_in_days` working days at most and not before `ready_by`. Two queries."""
    goods = Money(goods_minor, currency)
    return offers(
        tables(country),
        weight_g=weight_g,
        goods=goods,
        at=at,
        made_in_days=made_in_days,
        ready_by=ready_by,
    )


def promised(
    *, country: str, weight_g: int, goods: Money, made_in_days: int = 0, ready_by: date | None = None
) -> list[Offer]:
    """The same for pages that everybody is shown, from tables up to KEPT_SECONDS old: two queries at most that often."""
    known: tuple[list[Table], frozenset[date]] | None = cache.get(f"{KEPT_KEY}:{country}")
    if known is None:
        known = tables(country), frozenset(Holiday.objects.after(clock.now().date()))
        cache.set(f"{KEPT_KEY}:{country}", known, KEPT_SECONDS)
    found, holidays = known
    return offers(
        found,
        weight_g=weight_g,
        goods=goods,
        made_in_days=made_in_days,
        ready_by=ready_by,
        holidays=holidays,
    )


def offers(
    found: Iterable[Table],
    *,
    weight_g: int,
    goods: Money,
    at: datetime | None = None,
    made_in_days: int = 0,
    ready_by: date | None = None,
    holidays: Collection[date] | None = None,
) -> list[Offer]:
    """The same from tables that have been read. One query, for the holidays, unless they are known or nothing is offered."""
    priced = [
        (table.method, price) for table in found if (price := price_of(table, weight_g, goods)) is not None
    ]
    at = at or clock.now()
    if holidays is None:
        holidays = Holiday.objects.after(at.date()) if priced else ()
    made = [
        Offer(
            method,
            price,
            *arrival(
                at,
                cut_off=method.cut_off,
                days=(method.days_min + made_in_days, method.days_max + made_in_days),
                holidays=holidays,
                ready_by=ready_by,
            ),
        )
        for method, price in priced
    ]
    return sorted(made, key=lambda offer: (offer.method.is_pickup, offer.price.minor, offer.method.position))


def price_of(table: Table, weight_g: int, goods: Money) -> Money | None:
    """The catalogue price, or None when the goods are too heavy for this method."""
    rows = (rate for rate in table.rates if rate.currency == goods.currency and weight_g <= rate.up_to_g)
    row = next(rows, None)
    if row is None:
        return None
    free_from = table.method.free_from_minor
    is_free = free_from is not None and goods.minor >= free_from
    return Money(0 if is_free else row.price_minor, goods.currency)
