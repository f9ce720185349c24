"""Goods into parcels: the heaviest pieces first, each into the first parcel that still bears it (first fit, decreasing).

Only weights count: the shop knows no boxes. A piece that no parcel bears makes the whole impossible.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """Some equal pieces of what travels."""

    weight_g: int
    quantity: int = 1
    shipping_class: str = ""


def parcels(pieces: Iterable[Piece], *, max_g: int | None) -> list[int] | None:
    """The weights of the parcels in grams, one at least; None when a piece is too heavy for any."""
    wanted: Counter[int] = Counter()
    for piece in pieces:
        wanted[piece.weight_g] += piece.quantity
    if max_g is None:
        return [sum(grams * count for grams, count in wanted.items())]
    found: list[int] = []
    for grams in sorted(wanted, reverse=True):
        if grams > max_g:
            return None
        _put(found, grams, wanted[grams], max_g)
    return found or [0]


def _put(found: list[int], grams: int, count: int, max_g: int) -> None:
    """`count` pieces of `grams` each into the parcels there are, then into new ones."""
    if grams == 0:
        found += [] if found else [0]
        return
    for index, weight in enumerate(found):
        fitting = min(count, (max_g - weight) // grams)
        found[index] += fitting * grams
        count -= fitting
    in_each = max_g // grams
    full, rest = divmod(count, in_each)
    found += [in_each * grams] * full + ([rest * grams] if rest else [])
