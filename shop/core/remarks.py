"""What the shop itself notes down beside money and goods: written once in plain English, read by everybody in his language.

Such words are stored (an order's reason to look at it, a refund's, a movement's, an event's), so they are kept as they were
written, readable in the database and in what other programs are told. Each is declared once as a Remark; where people read
it, `in_words` finds the remark that it was made from and says it in their language, with the same values. What a person has
typed is no remark of ours and stays as it is.
"""

import re
from typing import Any

from django.utils.translation import gettext

_SLOT = re.compile(r"%\((\w+)\)s")
_known: dict[str, "Remark"] = {}


class Remark:
    """`Remark(gettext_noop("Parcel %(parcel)s comes back."))`, at the head of a module; called with its values when needed."""

    def __init__(self, source: str) -> None:
        self.source = source
        parts = _SLOT.split(source)
        words = (re.escape(part) if n % 2 == 0 else f"(?P<{part}>.*?)" for n, part in enumerate(parts))
        self._written = re.compile("".join(words), re.DOTALL)
        _known[source] = self

    def __call__(self, **values: Any) -> str:
        """As it is stored. Raises KeyError when a value is missing."""
        return self.source % values

    def values_in(self, text: str) -> dict[str, str] | None:
        """The values that `text` was made with; None if it was not made from this remark."""
        found = self._written.fullmatch(text)
        return found.groupdict() if found else None


def in_words(text: str) -> str:
    """A stored remark in the reader's language; any other text as it is."""
    for remark in _known.values():
        values = remark.values_in(text)
        if values is not None:
            return gettext(remark.source) % {name: in_words(value) for name, value in values.items()}
    return text
