"""Which ways of delivery there are to an address, for what price and when the goods arrive.

Prices are those of the narrowest zone that the address lies in (checkout/shipping/pricing.py). They are catalogue prices:
taxing makes of them what the customer sees. Deliveries come before pick-up, the cheapest first.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache

from checkout.models import Holiday, ShippingMethod, ShippingRate, ShippingSurcharge, ShippingZone
from checkout.promising import arrival
from checkout.shipping.packing import Piece
from checkout.shipping.pricing import Destination, Sending, Table, price_of
from shop.core import clock
from shop.core.money import Money

__all__ = [
    "Destination",
    "Offer",
    "Piece",
    "Table",
    "countries",
    "methods_for",
    "offers",
    "promised",
    "tables",
]
KEPT_KEY, KEPT_SECONDS = "delivery-facts:2", 30


@dataclass(frozen=True)
class Offer:
    """One way of delivery for these goods. `steps` say how its price came about; `parcels` are weights in grams."""

    method: ShippingMethod
    price: Money
    earliest: date
    latest: date
    steps: tuple[str, ...] = ()
    parcels: tuple[int, ...] = ()


def tables(country: str = "") -> list[Table]:
    """The price tables of everything that goes to `country` or a part of it, or anywhere. Two queries."""
    methods = ShippingMethod.objects.offered_in(country) if country else ShippingMethod.objects.active()
    rates = ShippingRate.objects.filter(method__in=methods).select_related("method__zone").order_by("up_to")
    found: dict[int, list[ShippingRate]] = {}
    for rate in rates:
        found.setdefault(rate.method_id, []).append(rate)
    added: dict[int, list[ShippingSurcharge]] = {}
    for surcharge in ShippingSurcharge.objects.filter(method__in=found) if found else ():
        added.setdefault(surcharge.method_id, []).append(surcharge)
    return [Table(rows[0].method, tuple(rows), tuple(added.get(pk, ()))) for pk, rows in found.items()]


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
    region: str = "",
    postcode: str = "",
    pieces: Sequence[Piece] = (),
    at: datetime | None = None,
    made_in_days: int = 0,
    ready_by: date | None = None,
    live: Callable[[list[ShippingMethod]], Mapping[str, Money]] | None = None,
) -> list[Offer]:
    """What can be offered for goods of this worth (minor units) to this address, that are ready to leave after
    `made_in_days` working days at most and not before `ready_by`. Without `pieces` they are one piece of `weight_g`.
    `live` tells what carriers say themselves about these methods. Three queries."""
    found = tables(country)
    return offers(
        found,
        weight_g=weight_g,
        goods=Money(goods_minor, currency),
        to=Destination(country, region, postcode),
        pieces=pieces,
        at=at,
        made_in_days=made_in_days,
        ready_by=ready_by,
        live=live([table.method for table in found]) if live else {},
    )


def promised(
    *, country: str, weight_g: int, goods: Money, made_in_days: int = 0, ready_by: date | None = None
) -> list[Offer]:
    """The same for pages that everybody is shown, from tables up to KEPT_SECONDS old: three queries at most that often."""
    known: tuple[list[Table], frozenset[date]] | None = cache.get(f"{KEPT_KEY}:{country}")
    if known is None:
        known = tables(country), frozenset(Holiday.objects.after(clock.now().date()))
        cache.set(f"{KEPT_KEY}:{country}", known, KEPT_SECONDS)
    found, holidays = known
    return offers(
        found,
        weight_g=weight_g,
        goods=goods,
        to=Destination(country),
        made_in_days=made_in_days,
        ready_by=ready_by,
        holidays=holidays,
    )


def offers(
    found: Iterable[Table],
    *,
    weight_g: int,
    goods: Money,
    to: Destination,
    pieces: Sequence[Piece] = (),
    at: datetime | None = None,
    made_in_days: int = 0,
    ready_by: date | None = None,
    holidays: Collection[date] | None = None,
    live: Mapping[str, Money] | None = None,
) -> list[Offer]:
    """The same from tables that have been read. One query, for the holidays, unless they are known or nothing is offered."""
    sending = Sending(goods, tuple(pieces) or (Piece(weight_g),))
    priced = [
        (table.method, one)
        for table in nearest(found, to)
        if (one := price_of(table, sending, to, live=live))
    ]
    at = at or clock.now()
    if holidays is None:
        holidays = Holiday.objects.after(at.date()) if priced else ()
    made = [
        Offer(
            method,
            one.price,
            *arrival(
                at,
                cut_off=method.cut_off,
                days=(method.days_min + made_in_days, method.days_max + made_in_days),
                holidays=holidays,
                ready_by=ready_by,
            ),
            steps=one.steps,
            parcels=one.parcels,
        )
        for method, one in priced
    ]
    return sorted(made, key=lambda offer: (offer.method.is_pickup, offer.price.minor, offer.method.position))


def nearest(found: Iterable[Table], to: Destination) -> list[Table]:
    """The tables of the narrowest zone that the address lies in; of two as narrow ones the first in the seller's order."""
    fitting = [(fit, t) for t in found if (fit := to.narrowness(t.method.zone)) is not None]
    if not fitting:
        return []
    best = min(fitting, key=lambda one: (-one[0], one[1].method.zone.position, one[1].method.zone_id))
    return [table for _fit, table in fitting if table.method.zone_id == best[1].method.zone_id]
