"""Misspelt words are replaced by the likest word that some product is found by.

PostgreSQL's trigrams find candidates among any number of words; which of them is likest is decided letter by letter.
Short words have too few trigrams, so for them the first letter must be right.
"""

from difflib import SequenceMatcher

from django.db.models import Q
from django.db.models.functions import Length

from catalog.finding.refreshing import words_of
from catalog.models import SearchTerm

SHORT = 6  # letters
LIKE = 0.65  # share of letters that agree
MAX_WORDS = 10
MAX_CANDIDATES = 300


def correct(query: str) -> str:
    """`query` in small letters, every word that no product has replaced by the likest one."""
    return " ".join(_likest(word) or word for word in query.lower().split()[:MAX_WORDS])


def _likest(word: str) -> str:
    """Empty if the word is known, or nothing is like it."""
    plain = max(words_of(word), key=len, default="")
    if not plain or SearchTerm.objects.filter(word__startswith=plain).exists():
        return ""
    near = Q(word__trigram_similar=plain)
    if len(plain) <= SHORT:
        lengths = (len(plain) - 1, len(plain) + 1)
        near |= Q(word__startswith=plain[0], letters__range=lengths)
    words = SearchTerm.objects.annotate(letters=Length("word")).filter(near)
    candidates = words.values_list("word", flat=True)[:MAX_CANDIDATES]
    likeness, best = max(((_likeness(plain, found), found) for found in candidates), default=(0.0, ""))
    return best if likeness >= LIKE else ""


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()
