"""The arithmetic of taxes: pure, in minor units.

Every tax is rounded half up, and it is the tax that is rounded: with prices that contain it net = price − tax, so the
customer's price never moves. A place rounds each line, or the sum of each rate ("invoice", usual in the USA); the cents by
which the two differ go to the largest line, and on to the next where it cannot bear them. Several taxes on one thing are
rounded together (US Streamlined: on the aggregated rate) and then split. Delivery is taxed like the goods that it carries,
where the place taxes delivery at all. A gift card is money, not goods: it costs what stands on it and is taxed when used.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from catalog.models import Product
from checkout.quote import QuoteTax
from shop.core.money import Money, round_half_up
from shop.core.wording import said

# Why nothing is charged.
EXPORT, NO_RATE, EXEMPT, VOUCHER, DELIVERY = "export", "no rate", "exempt", "voucher", "delivery"
INTRA_COMMUNITY = "intra_community"  # goods, Directive 2006/112/EC, Article 138
REVERSE_CHARGE = "reverse_charge"  # services, Article 196


class Kind(StrEnum):
    """What decides about the place of a tax."""

    GOODS = "goods"  # where they arrive
    DIGITAL = "digital"  # where the buyer is at home (Article 58)
    VOUCHER = "voucher"  # nowhere, until it is used (Article 30b)


def kind_of(product_kind: str) -> Kind:
    """Of a code of catalog's Product.Kind."""
    known = {Product.Kind.DIGITAL: Kind.DIGITAL, Product.Kind.GIFT_CARD: Kind.VOUCHER}
    return {code.value: kind for code, kind in known.items()}.get(product_kind, Kind.GOODS)


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
    is_eu: bool = False
    taxes_delivery: bool = True

    def percent(self, tax_class: str) -> Decimal:
        """All taxes of this class together."""
        return sum((rate.percent for rate in self.rates.get(tax_class, ())), Decimal(0))


@dataclass(frozen=True)
class Part:
    """An amount as printed, and what it is for."""

    minor: int
    tax_class: str
    kind: Kind = Kind.GOODS
    is_delivery: bool = False


@dataclass(frozen=True)
class Taxation:
    """How one purchase is taxed. `there` is None for an export; `digital` is where digital goods are taxed.

    `relief` says of which kinds no tax is asked, and why. `note` is for staff: what was unusual about it.
    """

    home: Place
    there: Place | None
    prices_include_tax: bool  # of the catalogue
    digital: Place | None = None
    relief: Mapping[Kind, str] = field(default_factory=dict)
    note: str = ""

    @property
    def is_inclusive(self) -> bool:
        """Whether printed amounts contain the tax."""
        return self.there is not None and self.there.is_inclusive and Kind.GOODS not in self.relief

    def printed(
        self, catalogue_minor: int, tax_class: str, *, kind: Kind = Kind.GOODS, is_delivery: bool = False
    ) -> int:
        """A catalogue price as it is printed for this buyer."""
        if kind == Kind.VOUCHER:
            return catalogue_minor
        part = Part(catalogue_minor, tax_class, kind, is_delivery)
        contains = self.is_inclusive and self._untaxed(part) in ("", NO_RATE)
        if self.prices_include_tax and not contains:
            return catalogue_minor - contained(catalogue_minor, self.home.percent(tax_class))
        if contains and not self.prices_include_tax:
            return catalogue_minor + on_top(catalogue_minor, self._percent(part))
        return catalogue_minor

    def taxes(self, parts: Sequence[Part]) -> list[tuple[QuoteTax, ...]]:
        """The taxes of each part, in order; never empty, so that a 0 has its reason."""
        amounts = [self._tax_on(part.minor, part) for part in parts]
        self._round_by_sum(parts, amounts)
        return [self._named(part, amount) for part, amount in zip(parts, amounts, strict=True)]

    def note_on(self, parts: Sequence[Part]) -> str:
        """What staff should know of how these were taxed; mostly nothing."""
        return self.note

    def _place(self, kind: Kind) -> Place | None:
        return self.digital if kind == Kind.DIGITAL else self.there

    def _untaxed(self, part: Part) -> str:
        """Why it is not taxed; empty when it is."""
        place = self._place(part.kind)
        if part.kind == Kind.VOUCHER:
            return VOUCHER
        if part.kind in self.relief:
            return self.relief[part.kind]
        if place is None:
            return EXPORT
        if part.is_delivery and not place.taxes_delivery:
            return DELIVERY
        return "" if place.rates.get(part.tax_class) else NO_RATE

    def _rates(self, part: Part) -> tuple[Rate, ...]:
        place = self._place(part.kind)
        return () if place is None or self._untaxed(part) else place.rates[part.tax_class]

    def _percent(self, part: Part) -> Decimal:
        return sum((rate.percent for rate in self._rates(part)), Decimal(0))

    def _tax_on(self, minor: int, part: Part) -> int:
        percent = self._percent(part)
        return contained(minor, percent) if self.is_inclusive else on_top(minor, percent)

    def _round_by_sum(self, parts: Sequence[Part], amounts: list[int]) -> None:
        """Where the place wants it, the tax of each rate is that of its sum."""
        groups: dict[tuple[bool, tuple[Rate, ...]], list[int]] = {}
        for index, part in enumerate(parts):
            place, rates = self._place(part.kind), self._rates(part)
            if place and rates and not place.rounds_lines:
                groups.setdefault((part.kind == Kind.DIGITAL, rates), []).append(index)
        for members in groups.values():
            whole = self._tax_on(sum(parts[i].minor for i in members), parts[members[0]])
            _give_residue(amounts, parts, members, whole - sum(amounts[i] for i in members))

    def _named(self, part: Part, amount: int) -> tuple[QuoteTax, ...]:
        if reason := self._untaxed(part):
            return (QuoteTax("", Decimal(0), part.minor, 0, reason),)
        net = part.minor - amount if self.is_inclusive else part.minor
        rates = self._rates(part)
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
