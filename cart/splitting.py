"""Splitting what a promotion takes off over its lines: exact first, rounded once, no cent lost and none invented."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

from cart.situation import Goods, Ware
from shop.core.money import Money

PARTS = 10_000  # of a minor unit; also basis points in a whole


def cheapest_first(goods: Goods, wares: Sequence[Ware], left: Mapping[int, int]) -> list[int]:
    """The lines of these goods by what one piece still costs; earlier ones first among equals."""
    return sorted(
        (i for i in left if goods.has(wares[i])), key=lambda i: (Fraction(left[i], wares[i].quantity), i)
    )


def pieces_off(
    chosen: Mapping[int, int],
    points: int,
    wares: Sequence[Ware],
    left: Mapping[int, int],
    room: Mapping[int, int],
) -> dict[int, int]:
    """So many basis points off so many pieces of each line."""
    unit = PARTS * lcm(*(wares[i].quantity for i in chosen))
    ideals = {
        i: min(left[i] * pieces * points * (unit // PARTS // wares[i].quantity), room[i] * unit)
        for i, pieces in chosen.items()
    }
    return dict(zip(ideals, apportion(list(ideals.values()), unit), strict=True))


def apportion(ideals: Sequence[int], unit: int) -> list[int]:
    """Whole minor units of exact amounts in `unit`ths: the sum rounded half up, each within one of its ideal."""
    total = (2 * sum(ideals) + unit) // (2 * unit)
    parts = [ideal // unit for ideal in ideals]
    odd = sorted(range(len(ideals)), key=lambda i: -(ideals[i] % unit))
    for i in odd[: total - sum(parts)]:
        parts[i] += 1
    return parts


def spread(minor: int, left: Mapping[int, int], room: Mapping[int, int]) -> dict[int, int]:
    """Split an amount by what is left of each line, never more than there is room for; `minor` fits into all together."""
    given: dict[int, int] = {}
    open_lines = list(left)
    while open_lines:
        shares = Money(minor, "").share([left[i] for i in open_lines])
        full = [i for i, share in zip(open_lines, shares, strict=True) if share.minor > room[i]]
        if not full:
            return given | {i: share.minor for i, share in zip(open_lines, shares, strict=True)}
        for i in full:
            given[i] = room[i]
            minor -= room[i]
        open_lines = [i for i in open_lines if i not in given]
    return given
