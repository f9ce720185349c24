"""Words that mean the same: what was typed is widened by the shop's synonyms when it is searched for.

Products need not be written anew when a synonym changes. The longest phrase that is known counts; a plural finds the
synonym of its singular.
"""

from django.db.models import Q

from catalog.models import Synonym
from catalog.models.synonym import plain

LONGEST = 3  # words of a phrase

Phrase = tuple[str, ...]


def widen(words: list[str]) -> list[tuple[Phrase, list[Phrase]]]:
    """The words in order, as phrases, each with what it may also be called. One query."""
    plains = [plain(word) for word in words]
    known = _known(plains)
    found: list[tuple[Phrase, list[Phrase]]] = []
    at = 0
    while at < len(words):
        size = next((n for n in range(LONGEST, 1, -1) if known.get(tuple(plains[at : at + n]))), 1)
        meanings = known.get(tuple(plains[at : at + size]), [])
        found.append((tuple(words[at : at + size]), meanings))
        at += size
    return found


def _known(plains: list[str]) -> dict[Phrase, list[Phrase]]:
    """{phrase of the query: other phrases}"""
    grams = {
        tuple(plains[at : at + size])
        for size in range(1, LONGEST + 1)
        for at in range(len(plains) - size + 1)
    }
    forms = {form: gram for gram in grams for form in _forms(" ".join(gram))}
    asked = Q(word__in=list(forms)) | Q(is_two_way=True, others__overlap=list(forms))
    found: dict[Phrase, list[Phrase]] = {}
    for synonym in Synonym.objects.filter(asked):
        for form, gram in forms.items():
            found.setdefault(gram, []).extend(tuple(word.split()) for word in synonym.meanings(form))
    return found


def _forms(phrase: str) -> list[str]:
    return [phrase] + [phrase[: -len(end)] for end in ("s", "es") if phrase.endswith(end) and len(phrase) > 3]
