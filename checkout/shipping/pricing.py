"""What one way of delivery costs: pure, with every step in words.

The row of the table decides whose "up to" is not below what is sent: by weight (each parcel by itself), by the worth of the
goods or by their pieces. From `free_from` on that is free; surcharges are not, because the shop pays them in any case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from checkout.models import ShippingMethod, ShippingRate, ShippingSurcharge, ShippingZone, postcode_areas
from checkout.shipping.packing import Piece, parcels
from shop.core.money import Money

Basis = ShippingMethod.Basis
LANDS = frozenset(["eu", "ca", "mx", "pl", "pr"])


@dataclass(frozen=True)
class Destination:
    """Where it goes, as far as it is known: before an address, only the country."""

    country: str
    region: str = ""
    postcode: str = ""

    def narrowness(self, zone: ShippingZone) -> int | None:
        """How narrowly the zone fits: 2 by postcode, 1 by region, 0 by country; None: not at all."""
        if self.country not in zone.countries:
            return None
        if zone.regions and self.region not in zone.regions:
            return None
        if zone.postcodes:
            return 2 if postcode_areas.contains(zone.postcodes, self.postcode) else None
        return 1 if zone.regions else 0


@dataclass(frozen=True)
class Sending:
    """What travels: its worth at catalogue prices before promotions, and its pieces."""

    goods: Money
    pieces: tuple[Piece, ...]

    @property
    def weight_g(self) -> int:
        return sum(piece.weight_g * piece.quantity for piece in self.pieces)

    @property
    def count(self) -> int:
        return sum(piece.quantity for piece in self.pieces)

    def count_of(self, shipping_class: str) -> int:
        """Pieces of a class; of any where none is named."""
        return sum(p.quantity for p in self.pieces if shipping_class in ("", p.shipping_class))


@dataclass(frozen=True)
class Table:
    """A method with its rows, the least first, and its surcharges."""

    method: ShippingMethod
    rates: tuple[ShippingRate, ...]
    surcharges: tuple[ShippingSurcharge, ...] = ()

    def goes_to(self, country: str) -> bool:
        only = self.method.only_countries
        return country in self.method.zone.countries and (not only or country in only)


@dataclass(frozen=True)
class Priced:
    """A catalogue price, how it came about (plain English, for staff), and the weights of the parcels."""

    price: Money
    steps: tuple[str, ...]
    parcels: tuple[int, ...]


def price_of(
    table: Table, sending: Sending, to: Destination, *, live: Mapping[str, Money] | None = None
) -> Priced | None:
    """None when this method does not take it. `live` are carriers' own prices: {"ups/ups_standard": …}."""
    method = table.method
    if any(piece.shipping_class and piece.shipping_class in method.not_for for piece in sending.pieces):
        return None
    weights = parcels(sending.pieces, max_g=method.parcel_max_g)
    said = _live(method, sending, live or {})
    base = said or (_base(table, sending, weights) if weights else None)
    if weights is None or base is None:
        return None
    price, steps = base
    if method.free_from_minor is not None and sending.goods.minor >= method.free_from_minor:
        price = 0
        steps = [f"free from goods worth {_money(method.free_from_minor, sending)}"]
    for surcharge, amount in () if said else _added(table.surcharges, sending, to):
        price += amount
        steps.append(f"{surcharge.name} + {_money(amount, sending)}")
    return Priced(Money(price, sending.goods.currency), tuple(steps), tuple(weights))


def service_key(carrier: str, service: str) -> str:
    """ "ups/ups_standard": carriers' libraries call one service by several names, one for each part of the world."""
    words = [word for word in service.split("_") if word not in LANDS]
    return f"{carrier}/{'_'.join(words)}"


def _live(
    method: ShippingMethod, sending: Sending, live: Mapping[str, Money]
) -> tuple[int, list[str]] | None:
    """The carrier's own price, which has its surcharges in it; None where it said none in this currency."""
    found = live.get(service_key(method.carrier, method.service)) if method.is_live else None
    if found is None or found.currency != sending.goods.currency:
        return None
    price = found + found.percent(Decimal(method.live_markup_percent))
    return price.minor, [
        f"{method.carrier} says {_money(found.minor, sending)} + {method.live_markup_percent} %"
        f" = {_money(price.minor, sending)}"
    ]


def _base(table: Table, sending: Sending, weights: Sequence[int]) -> tuple[int, list[str]] | None:
    measured = {Basis.TOTAL: [sending.goods.minor], Basis.PIECES: [sending.count]}.get(
        Basis(table.method.basis), list(weights)
    )
    rows = [_row(table, sending, amount) for amount in measured]
    if any(row is None for row in rows):
        return None
    price, steps = 0, []
    for row, amount in zip(rows, measured, strict=True):
        assert row is not None
        price += row.price_minor
        steps.append(f"{_said(table, amount, sending)}: {_money(row.price_minor, sending)}")
    each = max(row.per_piece_minor for row in rows if row)
    if each:
        price += each * sending.count
        steps.append(f"{sending.count} pieces × {_money(each, sending)}")
    return price, steps


def _row(table: Table, sending: Sending, amount: int) -> ShippingRate | None:
    fitting = (row for row in table.rates if row.currency == sending.goods.currency and amount <= row.up_to)
    return next(fitting, None)


def _added(
    surcharges: Sequence[ShippingSurcharge], sending: Sending, to: Destination
) -> list[tuple[ShippingSurcharge, int]]:
    """Those that apply, with their amounts."""
    found = []
    for surcharge in surcharges:
        if surcharge.currency != sending.goods.currency:
            continue
        if surcharge.postcodes and not postcode_areas.contains(surcharge.postcodes, to.postcode):
            continue
        pieces = sending.count_of(surcharge.shipping_class)
        if pieces:
            found.append((surcharge, surcharge.price_minor * (pieces if surcharge.is_per_piece else 1)))
    return found


def _said(table: Table, amount: int, sending: Sending) -> str:
    if table.method.basis == Basis.WEIGHT:
        return f"{(Decimal(amount) / 1000).normalize():f} kg"
    if table.method.basis == Basis.TOTAL:
        return f"goods worth {_money(amount, sending)}"
    return f"{amount} pieces"


def _money(minor: int, sending: Sending) -> str:
    return f"{Money(minor, sending.goods.currency).to_decimal()} {sending.goods.currency}"
