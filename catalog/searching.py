"""Finding products by words: stems without accents, beginnings of the last word, SKUs and EANs, and forgiving of typos.

All words must be found, as they are or by a synonym. If nothing has them all, each unknown word is replaced by the most
similar one that some product has; if that finds nothing either, any of the words will do. Words never reach PostgreSQL as
query syntax.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, F, FloatField, QuerySet, Value, When
from django.db.models.functions import Cast, Ln
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from catalog.finding.cards import card_of
from catalog.finding.correcting import correct
from catalog.finding.counting import Counts
from catalog.finding.listing import Listing, counts_of, list_products
from catalog.finding.refreshing import code_of, refresh
from catalog.finding.sorting import order_of
from catalog.finding.tallying import often
from catalog.finding.widening import widen
from catalog.models import Category, ProductSearch
from catalog.translating import config_of
from catalog.wishes import Wishes
from shop.core.models import told

__all__ = ["Results", "refresh", "search", "suggest"]

MAX_LENGTH = 100
MAX_WORDS = 10
EXCLUDED = r'(^|\s)-("[^"]*"?|\S+)'  # a word or a phrase that must be missing
WEIGHTS = [0.1, 0.2, 0.5, 1.0]  # description, properties, families, name and codes


@dataclass(frozen=True)
class Results:
    """`corrected` is what was searched for instead, when the words as typed found nothing."""

    query: str
    corrected: str
    is_loose: bool  # some of the words were enough
    listing: Listing


def search(params: QueryDict, *, currency: str = "EUR") -> Results:
    """What `?q=…` and the filters beside it ask for; without words all products."""
    query = clean(params.get("q", ""))
    wishes = Wishes.of(params, query=query)
    if not query:
        everything = ProductSearch.objects.filter(is_listed=True)
        return Results("", "", False, list_products(everything, wishes, currency=currency))
    for words, asked, is_loose in _attempts(query):
        base = ProductSearch.objects.filter(is_listed=True, document=asked)
        counts = counts_of(base, wishes, currency=currency)
        if counts.everything:
            order = _by_relevance(asked if is_loose else _fitting(words, asked))
            listing = list_products(
                base, wishes, currency=currency, order=order, first_sort=_("Best match"), counts=counts
            )
            return Results(query, words if words != query else "", is_loose, listing)
    return Results(query, "", False, _nothing(wishes, currency))


def suggest(text: str, *, limit: int = 8) -> list[dict]:
    """What the field offers while one types: categories, what others often search for, then products as cards.

    Each has `kind`, `name` and `url`, and may have an `image`.
    """
    query = clean(text)
    if len(query) < 2:
        return []
    categories = Category.objects.published().filter(name__istartswith=query).order_by("path")[:2]
    rows = [
        {"kind": _("Category"), "name": told(found).name, "url": found.get_absolute_url()}
        for found in categories
    ]
    names = {row["name"].lower() for row in rows}
    rows += [
        {
            "kind": _("Often searched for"),
            "name": term,
            "url": f"{reverse('catalog:search')}?{urlencode({'q': term})}",
        }
        for term in often(query)
        if term not in names
    ]
    asked = _all_of(query)
    found = ProductSearch.objects.filter(is_listed=True, document=asked).defer("document", "page")
    found = found.order_by(*_by_relevance(_fitting(query, asked)))
    return rows + [card_of(row) for row in found[: limit - len(rows)]]


def clean(text: str) -> str:
    """At most MAX_LENGTH characters, without control characters, single spaces."""
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(text[:MAX_LENGTH].split())


def _attempts(query: str) -> Iterator[tuple[str, SearchQuery, bool]]:
    """(what is searched for, as shown; the query; whether it is loose), strictest first."""
    if not re.search(r"\w", query):
        return
    yield query, _all_of(query), False
    corrected = correct(query)
    if corrected != query.lower():
        yield corrected, _all_of(corrected), False
    else:
        corrected = query
    yield corrected, _any_of(corrected), True


def _all_of(query: str) -> SearchQuery:
    """Every word, the last one also as a beginning; or the whole as a code."""
    asked = SearchQuery(query, config=config_of(), search_type="websearch")
    if not re.search(r'"|(^|\s)-', query):  # quoted or excluded words mean what they say
        asked |= SearchQuery(_widened(_words(query)), config=config_of(), search_type="raw")
    code = code_of(query)
    if len(code) > 2 and any(sign.isdigit() for sign in code):
        asked |= SearchQuery(f"{code}:*", config="simple", search_type="raw")
    return asked


def _widened(words: list[str]) -> str:
    """All words or what else they are called, the last one also as a beginning, as to_tsquery reads it."""
    groups = widen(words)
    parts = []
    for number, (phrase, meanings) in enumerate(groups):
        own = " & ".join(map(_quoted, phrase)) + (":*" if number == len(groups) - 1 else "")
        parts.append("(" + " | ".join([f"({own})", *(f"({_near(meaning)})" for meaning in meanings)]) + ")")
    return " & ".join(parts) or "''"


def _near(phrase: tuple[str, ...]) -> str:
    return " <-> ".join(map(_quoted, phrase))


def _fitting(query: str, asked: SearchQuery) -> SearchQuery:
    """What tells how well something fits: without the excluded words, beside which PostgreSQL ranks everything at nothing."""
    wanted = re.sub(EXCLUDED, " ", query)
    return _all_of(wanted) if wanted != query and re.search(r"\w", wanted) else asked


def _any_of(query: str) -> SearchQuery:
    return SearchQuery(" | ".join(map(_quoted, _words(query))), config=config_of(), search_type="raw")


def _words(query: str) -> list[str]:
    return re.findall(r"\w+", query)[:MAX_WORDS]


def _quoted(word: str) -> str:
    return f"'{word}'"


def _by_relevance(asked: SearchQuery) -> list:
    """How well the words fit, a little how often it is bought; what is sold out counts half."""
    rank = SearchRank(F("document"), asked, weights=WEIGHTS, normalization=Value(1))
    popular = Ln(Cast(F("sold"), FloatField()) + 20.0)
    there = Case(When(in_stock=True, then=Value(1.0)), default=Value(0.5), output_field=FloatField())
    return [(rank * popular * there).desc(), "position", "pk"]


def _nothing(wishes: Wishes, currency: str) -> Listing:
    return list_products(ProductSearch.objects.none(), wishes, currency=currency, counts=Counts())


def popular(*, limit: int = 4) -> list[dict]:
    """Cards of what sells best, for pages that found nothing else to show."""
    rows: QuerySet = ProductSearch.objects.filter(is_listed=True, in_stock=True).defer("document", "page")
    return [card_of(row) for row in rows.order_by(*order_of("popular"))[:limit]]
