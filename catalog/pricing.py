"""What a variant costs whom. Every price that a customer sees or pays comes from here.

Today there is one price per variant, the same for everybody; the arguments are those that price lists will need.
Whether it includes tax says Shop.prices_include_tax.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.models import Variant
from shop.core.money import Money


@dataclass(frozen=True)
class Price:
    """`compare_at` is the former price, always above `amount`, or None."""

    amount: Money
    compare_at: Money | None = None

    @property
    def saving_percent(self) -> int:
        """Whole per cent below the former price, rounded down: never more is claimed than is true."""
        if self.compare_at is None:
            return 0
        return (self.compare_at.minor - self.amount.minor) * 100 // self.compare_at.minor


class NoPrice(LookupError):
    """The variant has no price in the currency that was asked for."""


def price_for(
    variant: Variant, *, customer: object = None, quantity: int = 1, currency: str = "EUR"
) -> Price:
    """The price of one piece when `quantity` are bought. Raises NoPrice."""
    return prices_for([variant], customer=customer, quantity=quantity, currency=currency)[variant.pk]


def prices_for(
    variants: Iterable[Variant], *, customer: object = None, quantity: int = 1, currency: str = "EUR"
) -> dict[int, Price]:
    """{variant id: Price}, without a query. Raises NoPrice if one of them has none in `currency`."""
    return {variant.pk: _own_price(variant, currency) for variant in variants}


def _own_price(variant: Variant, currency: str) -> Price:
    if variant.currency != currency:
        raise NoPrice(f"{variant.sku} is priced in {variant.currency}, not in {currency}")
    was = variant.compare_at_minor
    return Price(Money(variant.price_minor, currency), Money(was, currency) if was else None)
