"""A promotion as the engine reads it (Rule), and what comes of it: adjustments, offers within reach, codes in vain."""

from collections.abc import Sequence
from dataclasses import dataclass

from cart.benefits import Benefit
from cart.conditions import Condition
from cart.situation import EVERYTHING, MET, Goods, Situation, Verdict, Ware


@dataclass(frozen=True)
class Rule:
    """A promotion, ready to be applied. `code` is what the customer entered for it; empty: it holds by itself."""

    pk: int
    name: str
    benefit: Benefit
    conditions: tuple[Condition, ...] = ()
    goods: Goods = EVERYTHING
    counts_all: bool = False  # conditions count the whole cart, not only the promotion's goods
    reaches_all: bool = False  # the benefit is for the whole cart, not only for the promotion's goods
    lane: int = 0
    priority: int = 0
    is_exclusive: bool = False
    code: str = ""

    def counted(self, wares: Sequence[Ware]) -> list[Ware]:
        """What its conditions are measured on."""
        return [ware for ware in wares if self.counts_all or self.goods.has(ware)]

    def check(self, wares: Sequence[Ware], situation: Situation) -> Verdict:
        """The first condition that cannot be met, else the first that something is missing for."""
        own = [ware for ware in wares if self.goods.has(ware)]
        counted = wares if self.counts_all else own
        open_ones = [
            verdict
            for condition in self.conditions
            if not (verdict := condition.check(own if condition.counts_own else counted, situation)).is_met
        ]
        return next((verdict for verdict in open_ones if verdict.why), next(iter(open_ones), MET))

    @property
    def order(self) -> tuple[int, int, bool, int]:
        """Within a lane what is for certain goods comes before what is for all."""
        return self.lane, -self.priority, self.goods.is_everything or self.reaches_all, self.pk


@dataclass(frozen=True)
class Adjustment:
    """What one promotion takes off one line (or the delivery), in minor units."""

    promotion_id: int
    name: str
    code: str
    amount_minor: int


@dataclass(frozen=True)
class Hint:
    """An offer within reach: "€6.00 more and delivery is free"; `share` is how far it is, in per cent."""

    promotion_id: int
    name: str
    text: str
    share: int
    products: frozenset[int] = frozenset()  # what to choose from, where that is all that is missing


@dataclass(frozen=True)
class Without:
    """A code that changes nothing, and why."""

    code: str
    why: str


@dataclass(frozen=True)
class Outcome:
    """`lines` has the adjustments of each ware, in order."""

    lines: tuple[tuple[Adjustment, ...], ...] = ()
    delivery: tuple[Adjustment, ...] = ()
    hints: tuple[Hint, ...] = ()
    without: tuple[Without, ...] = ()

    @property
    def codes(self) -> frozenset[str]:
        """Those that something was taken off for."""
        found = [*self.delivery, *(one for line in self.lines for one in line)]
        return frozenset(one.code for one in found if one.code)
