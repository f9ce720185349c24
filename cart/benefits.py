"""What a promotion gives: one small class a benefit.

Most act on each line by itself: `ideal` says how much they would take off what is left of it, exactly, in PARTS of a minor
unit. The others act on all their lines together: `together` says how much of each. Neither rounds on its own: a promotion's
sum is rounded once, half up, and split over its lines by largest remainder (cart/splitting.py), so that no cent is lost or
invented and a customer can check it with a pencil.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cart.conditions import pieces_more
from cart.situation import EVERYTHING, Goods, Situation, Ware
from cart.splitting import PARTS, cheapest_first, pieces_off, spread


@dataclass(frozen=True)
class Nearly:
    """What is missing until a promotion gives (more), and how far it is, in per cent."""

    missing: str
    share: int
    then: "Benefit | None" = None  # what it gives then, where that is not what it always gives


class Benefit:
    """`on_delivery`: it lowers the price of the delivery, not of goods."""

    on_delivery = False
    is_together = False
    is_stepped = False  # what it gives depends on how much there is

    def ideal(self, ware: Ware, left: int) -> int:
        """What it would take off this line, of which `left` is left to pay; in PARTS of a minor unit."""
        raise NotImplementedError

    def together(
        self, wares: Sequence[Ware], left: Mapping[int, int], room: Mapping[int, int]
    ) -> dict[int, int]:
        """{line: minor units off}. `left` is what is left to pay of each line, `room` how much of it may be taken off."""
        raise NotImplementedError

    def reach(self, goods: Goods) -> Goods:
        """What it lowers the price of, where the promotion is for `goods`."""
        return goods

    def settled(self, wares: Sequence[Ware]) -> "Benefit":
        """The same once it is known which goods count, before any promotion."""
        return self

    def nearly(self, wares: Sequence[Ware], situation: Situation) -> Nearly | None:
        """What is missing although all conditions are met."""
        return None

    def promise(self, situation: Situation) -> str:
        """As a half sentence: "you save 10 %"."""
        raise NotImplementedError


@dataclass(frozen=True)
class PercentOff(Benefit):
    points: int  # basis points: 1250 is 12.5 %

    def ideal(self, ware: Ware, left: int) -> int:
        return left * self.points

    def promise(self, situation: Situation) -> str:
        return _("you save %(percent)s %%") % {"percent": percent_text(self.points)}


@dataclass(frozen=True)
class AmountOffEach(Benefit):
    minor: int

    def ideal(self, ware: Ware, left: int) -> int:
        return min(left, self.minor * ware.quantity) * PARTS

    def promise(self, situation: Situation) -> str:
        return _("each piece costs %(amount)s less") % {"amount": situation.money(self.minor).format()}


@dataclass(frozen=True)
class FixedPrice(Benefit):
    minor: int

    def ideal(self, ware: Ware, left: int) -> int:
        return max(0, left - self.minor * ware.quantity) * PARTS

    def promise(self, situation: Situation) -> str:
        return _("each piece costs %(amount)s") % {"amount": situation.money(self.minor).format()}


@dataclass(frozen=True)
class AmountOff(Benefit):
    """Once, off all lines together, split by what is left of each."""

    minor: int
    is_together = True

    def together(
        self, wares: Sequence[Ware], left: Mapping[int, int], room: Mapping[int, int]
    ) -> dict[int, int]:
        return spread(min(self.minor, sum(room.values())), left, room)

    def promise(self, situation: Situation) -> str:
        return _("you save %(amount)s") % {"amount": situation.money(self.minor).format()}


@dataclass(frozen=True)
class Tiers(Benefit):
    """The more, the more: (from, basis points), by value in minor units or by pieces. The highest tier reached counts."""

    tiers: tuple[tuple[int, int], ...]
    by_pieces: bool = False
    is_stepped = True

    def settled(self, wares: Sequence[Ware]) -> Benefit:
        have = self._have(wares)
        return PercentOff(max((points for start, points in self.tiers if have >= start), default=0))

    def nearly(self, wares: Sequence[Ware], situation: Situation) -> Nearly | None:
        have = self._have(wares)
        coming = next((tier for tier in sorted(self.tiers) if tier[0] > have), None)
        if coming is None or not have:
            return None
        lacks = coming[0] - have
        amount = situation.money(lacks).format()
        missing = pieces_more(lacks) if self.by_pieces else _("%(amount)s more") % {"amount": amount}
        return Nearly(missing, have * 100 // coming[0], PercentOff(coming[1]))

    def promise(self, situation: Situation) -> str:
        return PercentOff(min(self.tiers)[1]).promise(situation)

    def _have(self, wares: Sequence[Ware]) -> int:
        return sum(ware.quantity if self.by_pieces else ware.total_minor for ware in wares)


@dataclass(frozen=True)
class BuyGet(Benefit):
    """For every `buy` pieces of `buys`, `get` more are reduced: of `gets`, or else of the same goods; the cheapest ones."""

    buy: int
    get: int
    buys: Goods = EVERYTHING
    gets: Goods | None = None
    points: int = PARTS
    is_together = True

    def reach(self, goods: Goods) -> Goods:
        return self.gets or goods

    def together(
        self, wares: Sequence[Ware], left: Mapping[int, int], room: Mapping[int, int]
    ) -> dict[int, int]:
        return pieces_off(self._chosen(wares, left), self.points, wares, left, room)

    def nearly(self, wares: Sequence[Ware], situation: Situation) -> Nearly | None:
        if self._chosen(wares, {i: ware.total_minor for i, ware in enumerate(wares)}):
            return None
        bought = sum(ware.quantity for ware in wares if self.buys.has(ware))
        if self.gets is not None and bought >= self.buy:
            return Nearly(_("Choose from what comes with it"), 99)
        lacks = self.buy + (self.get if self.gets is None else 0) - bought
        return Nearly(pieces_more(lacks), bought * 100 // (bought + lacks)) if bought and lacks > 0 else None

    def promise(self, situation: Situation) -> str:
        if self.points == PARTS:
            return ngettext("the cheapest is free", "the %(n)s cheapest are free", self.get) % {"n": self.get}
        text = ngettext(
            "the cheapest costs %(percent)s %% less", "the %(n)s cheapest cost %(percent)s %% less", self.get
        )
        return text % {"n": self.get, "percent": percent_text(self.points)}

    def _chosen(self, wares: Sequence[Ware], left: Mapping[int, int]) -> dict[int, int]:
        """{line: pieces that are reduced}: as many as the pieces that stay at their price pay for."""
        paying, given = sum(ware.quantity for ware in wares if self.buys.has(ware)), 0
        chosen: dict[int, int] = {}
        for i in cheapest_first(self.gets or self.buys, wares, left):
            is_both = self.buys.has(wares[i])
            lacks = partial(self._is_short, paying=paying, given=given, is_both=is_both)
            pieces = bisect_left(range(1, wares[i].quantity + 1), True, key=lacks)
            chosen[i] = pieces
            paying, given = paying - pieces * is_both, given + pieces
        return {i: pieces for i, pieces in chosen.items() if pieces}

    def _is_short(self, pieces: int, *, paying: int, given: int, is_both: bool) -> bool:
        """Whether too few pay for so many more that are reduced: those that are reduced do not pay for others."""
        return paying - pieces * is_both < self.buy * -(-(given + pieces) // self.get)


@dataclass(frozen=True)
class FreeItem(Benefit):
    """So many pieces of these goods cost nothing, the cheapest ones, once they are in the cart."""

    gifts: Goods
    pieces: int = 1
    is_together = True

    def reach(self, goods: Goods) -> Goods:
        return self.gifts

    def together(
        self, wares: Sequence[Ware], left: Mapping[int, int], room: Mapping[int, int]
    ) -> dict[int, int]:
        chosen, still = {}, self.pieces
        for i in cheapest_first(self.gifts, wares, left):
            chosen[i] = min(still, wares[i].quantity)
            still -= chosen[i]
        return pieces_off({i: n for i, n in chosen.items() if n}, PARTS, wares, left, room)

    def nearly(self, wares: Sequence[Ware], situation: Situation) -> Nearly | None:
        if any(self.gifts.has(ware) for ware in wares):
            return None
        return Nearly(_("Put your gift into the cart"), 100)

    def promise(self, situation: Situation) -> str:
        return _("it costs nothing")


@dataclass(frozen=True)
class FreeDelivery(Benefit):
    """Of deliveries that cost up to `up_to_minor`; None: of any."""

    up_to_minor: int | None = None
    on_delivery = True

    def ideal(self, ware: Ware, left: int) -> int:
        is_too_dear = self.up_to_minor is not None and ware.unit_minor > self.up_to_minor
        return 0 if is_too_dear else left * PARTS

    def promise(self, situation: Situation) -> str:
        return _("delivery is free")


@dataclass(frozen=True)
class DeliveryOff(Benefit):
    minor: int
    on_delivery = True

    def ideal(self, ware: Ware, left: int) -> int:
        return min(left, self.minor) * PARTS

    def promise(self, situation: Situation) -> str:
        return _("delivery costs %(amount)s less") % {"amount": situation.money(self.minor).format()}


def percent_text(points: int) -> str:
    """12.5 of 1250."""
    return f"{Decimal(points) / 100:f}".rstrip("0").rstrip(".") if points % 100 else str(points // 100)
