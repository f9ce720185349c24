"""The engine: which promotions a cart gets, and what each takes off each line. Pure: the same cart always gets the same.

Stacking is explicit. Lanes follow each other, each reckons with what the earlier ones have left; within a lane at most one
promotion lowers a line. Within a lane a higher priority is served first; among equals the customer gets what is best for
him. An exclusive promotion stands alone in the cart: it is taken instead of all others where its priority is higher, or
equal and the customer is better off. No promotion takes a line below its floor price, or below nothing.

How the best is found: where benefits act on each line by itself, each line takes what lowers it most; no later promotion
turns a lower remainder into a higher one, so that is best for the whole, too. Benefits that act on several lines
together are tried with and without, keeping the KEPT best carts so far: with up to four of them everything is tried.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from cart import hinting
from cart.rules import Adjustment, Outcome, Rule
from cart.situation import Goods, Situation, Ware
from cart.splitting import PARTS, apportion

KEPT = 16

Singles = Sequence[tuple[Rule, list[int]]]


@dataclass(frozen=True)
class _Cart:
    """What is to be lowered: the goods, and after them the delivery, if there is one. `floors` are of whole lines."""

    lines: tuple[Ware, ...]
    goods: int  # how many lines are goods
    floors: tuple[int, ...]

    @property
    def wares(self) -> tuple[Ware, ...]:
        return self.lines[: self.goods]

    def reach(self, rule: Rule) -> list[int]:
        """The lines that a promotion may lower."""
        if rule.benefit.on_delivery:
            return list(range(self.goods, len(self.lines)))
        reached = rule.benefit.reach(rule.goods)
        if rule.reaches_all and reached is rule.goods:
            reached = Goods(excludes_reduced=rule.goods.excludes_reduced)
        return reached.among(self.wares)


@dataclass(frozen=True)
class _State:
    """A cart on its way through the lanes: what is left of each line, and what was taken by which promotion."""

    left: tuple[int, ...]
    closed: frozenset[int] = frozenset()  # lines that this lane has lowered
    taken: tuple[tuple[Rule, dict[int, int]], ...] = ()
    score: int = 0


def apply(
    wares: Sequence[Ware], rules: Iterable[Rule], situation: Situation, *, delivery_minor: int | None = None
) -> Outcome:
    """`delivery_minor` is the catalogue price of the delivery; None while there is none."""
    if not wares:
        return Outcome()
    delivery = [] if delivery_minor is None else [Ware(0, delivery_minor, 1)]
    lines = (*wares, *delivery)
    cart = _Cart(lines, len(wares), tuple(ware.floor_minor * ware.quantity for ware in lines))
    ranked = sorted(rules, key=lambda rule: rule.order)
    verdicts = [(rule, rule.check(wares, situation)) for rule in ranked]
    met = [rule for rule, verdict in verdicts if verdict.is_met]
    found = _best(cart, met)
    better = partial(_is_better, cart, met, found)
    return Outcome(
        lines=tuple(_of_line(found, place) for place in range(len(wares))),
        delivery=_of_line(found, len(wares)),
        hints=hinting.hints(wares, verdicts, situation, is_better=better),
        without=hinting.in_vain(
            verdicts, (rule for rule, _off in found.taken), has_delivery=delivery_minor is not None
        ),
    )


def _best(cart: _Cart, met: Sequence[Rule]) -> _State:
    """The combination of all that may stand together, or an exclusive promotion alone."""
    tries = [[rule for rule in met if not rule.is_exclusive], *([rule] for rule in met if rule.is_exclusive)]
    found = [_combined(cart, rules) for rules in tries]
    return max(found, key=lambda state: (state.score > 0, _priority(state), state.score))


def _is_better(cart: _Cart, met: Sequence[Rule], found: _State, rule: Rule) -> bool:
    others = [one for one in met if one.pk != rule.pk]
    return _best(cart, sorted([*others, rule], key=lambda one: one.order)).score > found.score


def _priority(state: _State) -> int:
    return max((rule.priority for rule, _off in state.taken), default=0)


def _combined(cart: _Cart, rules: Sequence[Rule]) -> _State:
    states = [_State(tuple(ware.total_minor for ware in cart.lines))]
    for _lane, in_lane in groupby(rules, key=lambda rule: rule.lane):
        states = [replace(state, closed=frozenset()) for state in states]
        for _priority, equals in groupby(in_lane, key=lambda rule: rule.priority):
            places = [(rule, cart.reach(rule)) for rule in equals]
            for rule, reach in places:
                if rule.benefit.is_together:
                    states = _kept(
                        one for state in states for one in _with_and_without(cart, state, rule, reach)
                    )
            singles = [
                (_settled(rule, cart), reach) for rule, reach in places if not rule.benefit.is_together
            ]
            states = _kept(_each_its_best(cart, state, singles) for state in states)
    return states[0]


def _settled(rule: Rule, cart: _Cart) -> Rule:
    if not rule.benefit.is_stepped:
        return rule
    return replace(rule, benefit=rule.benefit.settled(rule.counted(cart.wares)))


def _with_and_without(cart: _Cart, state: _State, rule: Rule, reach: list[int]) -> list[_State]:
    left = {i: state.left[i] for i in reach if i not in state.closed}
    room = {i: max(0, left[i] - cart.floors[i]) for i in left}
    found = rule.benefit.together(cart.wares, left, room) if left else {}
    off = {i: minor for i, minor in found.items() if minor}
    return [_after(state, [(rule, off)]), state] if off else [state]


def _each_its_best(cart: _Cart, state: _State, singles: Singles) -> _State:
    """Every line that is still open takes the promotion that lowers it most; each promotion's sum is rounded once."""
    best: dict[int, tuple[int, int]] = {}
    for number, (rule, reach) in enumerate(singles):
        ideal = rule.benefit.ideal
        for i in reach:
            if (
                i not in state.closed
                and (off := ideal(cart.lines[i], state.left[i])) > best.get(i, (0, 0))[0]
            ):
                best[i] = off, number
    shares: dict[int, dict[int, int]] = {}
    for i, (off, number) in sorted(best.items()):
        room = max(0, state.left[i] - cart.floors[i]) * PARTS
        shares.setdefault(number, {})[i] = min(off, room)
    given = [(singles[number][0], _rounded(shares[number])) for number in sorted(shares)]
    return _after(state, [(rule, off) for rule, off in given if off])


def _rounded(wanted: dict[int, int]) -> dict[int, int]:
    parts = zip(wanted, apportion(list(wanted.values()), PARTS), strict=True)
    return {i: minor for i, minor in parts if minor}


def _after(state: _State, given: Sequence[tuple[Rule, dict[int, int]]]) -> _State:
    left, closed, score = list(state.left), set(state.closed), state.score
    for _rule, off in given:
        for i, minor in off.items():
            left[i] -= minor
            score += minor
            closed.add(i)
    return _State(tuple(left), frozenset(closed), (*state.taken, *given), score)


def _kept(states: Iterable[_State]) -> list[_State]:
    """The best so far, each once; earlier ones first among equals."""
    unlike: dict[tuple[tuple[int, ...], frozenset[int]], _State] = {}
    for state in states:
        unlike.setdefault((state.left, state.closed), state)
    return sorted(unlike.values(), key=lambda state: -state.score)[:KEPT]


def _of_line(found: _State, place: int) -> tuple[Adjustment, ...]:
    return tuple(
        Adjustment(rule.pk, rule.name, rule.code, off[place]) for rule, off in found.taken if place in off
    )
