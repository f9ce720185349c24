"""Short texts that many rows share, in the reader's language.

All wordings of a language are read at once and remembered by each process for a moment, so that pages cost no query for
them; a change is seen within REMEMBERED seconds, as on every page that is kept. In the shop's first language nothing is read.
"""

import time

from django.conf import settings
from django.utils.translation import get_language

from shop.core.models.wording import Wording

REMEMBERED = 30.0  # seconds
MOST = 20_000  # wordings that a process holds of one language

_known: dict[str, tuple[float, dict[str, str]]] = {}


def said(text: str) -> str:
    """In the reader's language if that is known, else as it is."""
    language = get_language() or settings.LANGUAGE_CODE
    if language == settings.LANGUAGE_CODE or not text:
        return text
    return wordings(language).get(text, text)


def wordings(language: str) -> dict[str, str]:
    """{text in the first language: text in this one}"""
    read_at, found = _known.get(language, (0.0, {}))
    if not read_at or time.monotonic() - read_at > REMEMBERED:
        rows = Wording.objects.filter(language=language).order_by("pk").values_list("text", "wording")
        found = dict(rows[:MOST])
        _known[language] = (time.monotonic(), found)
    return found


def forget() -> None:
    """This process reads them again at the next occasion."""
    _known.clear()
