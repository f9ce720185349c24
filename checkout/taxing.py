"""Tax by place, kind of goods and day.

The goods' destination decides. A destination whose prices contain the tax keeps the catalogue price and its own rate is
taken out of it; one that adds the tax, or an export, first loses the home country's tax. Every tax is rounded half up,
and it is the tax that is rounded: with prices that contain it net = price − tax, so the customer's price never moves.
A place rounds each line, or the sum of each rate ("invoice", usual in the USA); the cents by which the two differ go to
the largest line, and on to the next where it cannot bear them. Several taxes on one thing are rounded together (US
Streamlined: on the aggregated rate) and then split. Delivery is taxed like the goods that it carries, split by value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, Q
from django.utils import timezone

from checkout.models import TaxRate, TaxZone
from checkout.quote import QuoteTax
from shop.core.models import Shop
from shop.core.money import Money, round_half_up
from shop.core.wording import said

EXPORT, NO_RATE = "export", "no rate"


@dataclass(frozen=True)
class Rate:
    name: str
    percent: Decimal


@dataclass(frozen=True)
class Place:
    """A tax zone on one day: the rates of each tax class in it."""

    is_inclusive: bool
    rounds_lines: bool
    rates: Mapping[str, tuple[Rate, ...]]

    def percent(self, tax_class: str) -> Decimal:
        """All taxes of this class together."""
        return sum((rate.percent for rate in self.rates.get(tax_class, ())), Decimal(0))


@dataclass(frozen=True)
class Part:
    """An amount as printed, and what kind of goods it is for."""

    minor: int
    tax_class: str


@dataclass(frozen=True)
class Taxation:
    """How one purchase is taxed. `there` is None for an export."""

    home: Place
    there: Place | None
    prices_include_tax: bool  # of the catalogue

    @property
    def is_inclusive(self) -> bool:
        """Whether printed amounts contain the tax."""
        return self.there is not None and self.there.is_inclusive

    def printed(self, catalogue_minor: int, tax_class: str) -> int:
        """A catalogue price as it is printed for this destination."""
        if self.prices_include_tax and not self.is_inclusive:
            return catalogue_minor - contained(catalogue_minor, self.home.percent(tax_class))
        if self.there and self.is_inclusive and not self.prices_include_tax:
            return catalogue_minor + on_top(catalogue_minor, self.there.percent(tax_class))
        return catalogue_minor

    def taxes(self, parts: Sequence[Part]) -> list[tuple[QuoteTax, ...]]:
        """The taxes of each part, in order; never empty, so that a 0 has its reason."""
        amounts = [self._tax_on(part.minor, part.tax_class) for part in parts]
        if self.there and not self.there.rounds_lines:
            amounts = self._rounded_by_sum(parts, amounts)
        return [self._named(part, amount) for part, amount in zip(parts, amounts, strict=True)]

    def _tax_on(self, minor: int, tax_class: str) -> int:
        if self.there is None:
            return 0
        percent = self.there.percent(tax_class)
        return contained(minor, percent) if self.is_inclusive else on_top(minor, percent)

    def _rounded_by_sum(self, parts: Sequence[Part], amounts: list[int]) -> list[int]:
        assert self.there is not None
        groups: dict[tuple[Rate, ...], list[int]] = {}
        for index, part in enumerate(parts):
            groups.setdefault(self.there.rates.get(part.tax_class, ()), []).append(index)
        for members in groups.values():
            whole = self._tax_on(sum(parts[i].minor for i in members), parts[members[0]].tax_class)
            _give_residue(amounts, parts, members, whole - sum(amounts[i] for i in members))
        return amounts

    def _named(self, part: Part, amount: int) -> tuple[QuoteTax, ...]:
        rates = self.there.rates.get(part.tax_class, ()) if self.there else ()
        net = part.minor - amount if self.is_inclusive else part.minor
        if not rates:
            return (QuoteTax("", Decimal(0), net, 0, NO_RATE if self.there else EXPORT),)
        shares = Money(amount, "").share([int(rate.percent * 10_000) for rate in rates])
        return tuple(
            QuoteTax(said(rate.name), rate.percent, net, share.minor)
            for rate, share in zip(rates, shares, strict=True)
        )


def contained(minor: int, percent: Decimal) -> int:
    """The tax within an amount that contains it."""
    return round_half_up(minor * percent / (100 + percent))


def on_top(minor: int, percent: Decimal) -> int:
    """The tax to be added to an amount."""
    return round_half_up(minor * percent / 100)


def _give_residue(amounts: list[int], parts: Sequence[Part], members: Iterable[int], residue: int) -> None:
    """Largest part first; no tax falls below 0 or rises above its part."""
    largest_first = sorted(members, key=lambda i: -parts[i].minor)
    for i in largest_first:
        step = max(-amounts[i], min(residue, parts[i].minor - amounts[i]))
        amounts[i] += step
        residue -= step
    amounts[largest_first[0]] += residue


def taxation_for(country: str, region: str = "", *, on: date) -> Taxation:
    """How goods sent to `country` (and `region`, as its postal code names it) are taxed on the day `on`. Three queries."""
    shop = Shop.current()
    valid = TaxRate.objects.filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))
    zones = TaxZone.objects.filter(country__in={shop.country, country}, region__in={"", region})
    zones = zones.prefetch_related(Prefetch("rates", valid.select_related("tax_class").order_by("pk")))
    found = {(zone.country, zone.region): _place(zone) for zone in zones}
    untaxed = Place(is_inclusive=shop.prices_include_tax, rounds_lines=True, rates={})
    home = found.get((shop.country, ""), untaxed)
    there = found.get((country, region)) or found.get((country, ""))
    if there is None and country == shop.country:
        there = home
    return Taxation(home, there, shop.prices_include_tax)


def _place(zone: TaxZone) -> Place:
    rates: dict[str, tuple[Rate, ...]] = {}
    for rate in zone.rates.all():
        rates[rate.tax_class.code] = (*rates.get(rate.tax_class.code, ()), Rate(rate.name, rate.percent))
    return Place(
        is_inclusive=zone.mode == TaxZone.Mode.INCLUSIVE,
        rounds_lines=zone.rounding == TaxZone.Rounding.LINE,
        rates=rates,
    )


def tax_in_prices(tax_class: str) -> Decimal:
    """How much tax the shop's prices contain at home, in per cent; 0 where they contain none."""
    taxation = taxation_for(Shop.current().country, on=timezone.localdate())
    return taxation.home.percent(tax_class) if taxation.home.is_inclusive else Decimal(0)
