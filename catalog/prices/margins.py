"""What is left of a price when the tax in it is paid to the state and the cost to the supplier. For staff only.

Tax rates belong to checkout, which tells here how much is in a price at home.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from shop.core.money import Money, round_half_up

_tax_in_prices: list[Callable[[str], Decimal]] = []


@dataclass(frozen=True)
class Margin:
    """`percent` is of the price without tax, rounded down."""

    amount: Money
    percent: int


def register(tax_in_prices: Callable[[str], Decimal]) -> None:
    """`tax_in_prices` answers, for a tax class, the per cent of tax that prices at home contain; 0 where they contain none."""
    _tax_in_prices[:] = [tax_in_prices]


def tax_in_prices(tax_class: str) -> Decimal:
    return _tax_in_prices[0](tax_class) if _tax_in_prices else Decimal(0)


def margin_of(price: Money, *, cost_minor: int | None, tax_percent: Decimal) -> Margin | None:
    """None where the cost is unknown or the price is nothing."""
    net = round_half_up(Decimal(price.minor) * 100 / (100 + tax_percent))
    if cost_minor is None or net <= 0:
        return None
    return Margin(Money(net - cost_minor, price.currency), (net - cost_minor) * 100 // net)
