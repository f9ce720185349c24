"""Money is an integer number of minor units and a currency; it is never a float and never loses a cent.

One rounding function serves every percentage and tax in the shop: half away from zero (HMRC VATREC12030; CJEU C-484/06
leaves the rule to the member states). Sums that are split keep their total by the method of largest remainders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Protocol, Self, overload

from babel.numbers import format_currency
from django.utils.translation import get_language, to_locale

from shop.core.currency import exponent


def round_half_up(amount: Decimal) -> int:
    """The nearest whole number of minor units; halves go away from zero."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def minor_of(amount: Decimal | None, currency: str) -> int | None:
    """What somebody typed, in minor units; None where nothing was typed."""
    return None if amount is None else Money.from_decimal(amount, currency).minor


@dataclass(frozen=True, order=True)
class Money:
    """`minor` minor units (cents of EUR, yen of JPY) of the ISO 4217 `currency`."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.minor * times, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return self.format()

    @classmethod
    def from_decimal(cls, amount: Decimal, currency: str) -> Money:
        """`amount` in major units, e.g. Decimal("12.50") EUR."""
        return cls(round_half_up(amount.scaleb(exponent(currency))), currency)

    def to_decimal(self) -> Decimal:
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def format(self, locale: str | None = None) -> str:
        """For people, in the language of the page; the space before a sign never breaks."""
        locale = to_locale(locale or get_language() or "en")
        return _written(self, locale)

    def percent(self, rate: Decimal) -> Money:
        """`rate` per cent of it."""
        return Money(round_half_up(self.minor * rate / 100), self.currency)

    def share(self, weights: Sequence[int]) -> list[Money]:
        """Split by `weights` without losing a cent: the largest remainders get the odd units, earlier ones first."""
        if not weights:
            return []
        weights = weights if sum(weights) else [1] * len(weights)
        total = sum(weights)
        parts = [self.minor * weight // total for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: -(self.minor * weights[i] % total))
        for i in by_remainder[: self.minor - sum(parts)]:
            parts[i] += 1
        return [Money(part, self.currency) for part in parts]

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added")
        return other


@lru_cache(maxsize=4096)
def _written(money: Money, locale: str) -> str:
    """A page shows the same few amounts again and again, and writing one takes a while."""
    return format_currency(money.to_decimal(), money.currency, locale=locale)


class Priced(Protocol):
    """A row in one currency."""

    currency: Any


class MoneyOf:
    """A model attribute that reads and writes `<name>_minor` together with the row's `currency`."""

    def __init__(self, column: str) -> None:
        self.column = column

    @overload
    def __get__(self, row: None, owner: type | None = None) -> Self: ...
    @overload
    def __get__(self, row: Priced, owner: type | None = None) -> Money: ...
    def __get__(self, row: Priced | None, owner: type | None = None) -> Self | Money:
        return self if row is None else Money(getattr(row, self.column), row.currency)

    def __set__(self, row: Priced, value: Money) -> None:
        if value.currency != row.currency:
            raise ValueError(f"a row in {row.currency} takes no {value.currency}")
        setattr(row, self.column, value.minor)
