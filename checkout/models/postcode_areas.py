"""Lists of postcodes as sellers write them: "27498, 25980-25999, HS".

Each entry is what a postcode begins with, or two such of the same length with a dash between, both included. Spaces and
capitals do not matter.
"""

import re
from functools import lru_cache

PIECE = re.compile(r"([0-9A-Z]{1,12})(?:[-–]([0-9A-Z]{1,12}))?")


def plain(postcode: str) -> str:
    return "".join(mark for mark in postcode.upper() if mark.isalnum())


def are_understood(typed: str) -> bool:
    try:
        _areas(typed)
    except ValueError:
        return False
    return True


def contains(typed: str, postcode: str) -> bool:
    """Whether the postcode lies in one of the areas; an empty list has no areas."""
    known = plain(postcode)
    return any(low <= known[: len(low)] <= high and len(known) >= len(low) for low, high in _areas(typed))


@lru_cache(maxsize=512)
def _areas(typed: str) -> tuple[tuple[str, str], ...]:
    """(first, last), both of one length. Raises ValueError."""
    found = []
    for piece in re.split(r"[,;\n]", typed.upper()):
        text = "".join(piece.split())
        if not text:
            continue
        match = PIECE.fullmatch(text)
        if match is None:
            raise ValueError(text)
        low, high = match[1], match[2] or match[1]
        if len(low) != len(high) or high < low:
            raise ValueError(text)
        found.append((low, high))
    return tuple(found)
