"""What promotions look at: the goods of a cart, and who buys them where. Plain values, read elsewhere (cart/offering.py).

All amounts are catalogue prices in minor units of one currency. Conditions are measured on the cart as it is before any
promotion, so that no promotion can switch another one on or off.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shop.core.money import Money


@dataclass(frozen=True)
class Ware:
    """A line. `floor_minor` is the least that one piece may cost after all promotions."""

    product_id: int
    unit_minor: int
    quantity: int
    categories: frozenset[int] = frozenset()  # with all branches above
    collections: frozenset[int] = frozenset()
    is_reduced: bool = False
    floor_minor: int = 0

    @property
    def total_minor(self) -> int:
        return self.unit_minor * self.quantity


@dataclass(frozen=True)
class Goods:
    """Which goods are meant. Naming nothing means all of them; of what is named one match is enough."""

    products: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    collections: frozenset[int] = frozenset()
    excludes_reduced: bool = False

    @property
    def is_everything(self) -> bool:
        return not (self.products or self.categories or self.collections)

    def has(self, ware: Ware) -> bool:
        if self.excludes_reduced and ware.is_reduced:
            return False
        return (
            ware.product_id in self.products
            or not self.categories.isdisjoint(ware.categories)
            or not self.collections.isdisjoint(ware.collections)
            or self.is_everything
        )

    def among(self, wares: Sequence[Ware]) -> list[int]:
        """The places of these goods in a cart."""
        return [place for place, ware in enumerate(wares) if self.has(ware)]


EVERYTHING = Goods()


@dataclass(frozen=True)
class Situation:
    """Who buys, and where it goes. What is not known yet (country "", is_first None) is believed until it is."""

    currency: str
    country: str = ""
    groups: frozenset[int] = frozenset()
    is_first: bool | None = None  # whether this is the customer's first order

    def money(self, minor: int) -> Money:
        return Money(minor, self.currency)


@dataclass(frozen=True)
class Verdict:
    """`missing` says what would do ("€6.00 more"), `why` what is against it; both empty: the condition is met.

    `share` is how much of it there is, in per cent.
    """

    missing: str = ""
    why: str = ""
    share: int = 0

    @property
    def is_met(self) -> bool:
        return not (self.missing or self.why)


MET = Verdict()
