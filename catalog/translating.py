"""The catalogue in other languages: what feeds and exports read, what search rows carry, how words are stemmed.

Prose stands in the rows themselves (shop/core/models/translated.py); names and values of choices and attributes, which many
products share, are wordings (shop/core/wording.py).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import get_language

from catalog.models import Attribute, Product
from shop.core.models import Translated
from shop.core.models.wording import other_languages
from shop.core.wording import said, wordings

if TYPE_CHECKING:
    from catalog.finding.gathering import Facts

FIRST_CONFIG = "shop_en"
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
CONFIGS = {"en": "shop_en", "de": "shop_de"}  # of PostgreSQL's text search; made by migrations
# A word that the configuration leaves out and still counts: before each part, so that no phrase reaches from one into the next.
GAPS = {"shop_en": "the", "shop_de": "der"}


def texts_of(rows: Iterable[Translated], language: str) -> dict[int, dict[str, str]]:
    """{primary key: {field: text}} of all translated fields; what is missing is in the shop's first language."""
    return {row.pk: {field: row.in_language(field, language) for field in row.TRANSLATED} for row in rows}


def said_title(title: str) -> str:
    """A variant's title, "A4 / Oak frame", in the reader's language."""
    return " / ".join(said(value) for value in title.split(" / ")) if title else ""


def names_of(row: Translated) -> dict[str, str]:
    """{language: name} of those languages that have one: what a search row carries of it."""
    found = {language: row.texts.get(language, {}).get("name", "") for language in other_languages()}
    return {language: name for language, name in found.items() if name}


def named(name: str, others: dict[str, str]) -> str:
    """What `names_of` kept, in the reader's language."""
    return others.get(get_language() or settings.LANGUAGE_CODE) or name


def config_of(language: str | None = None) -> str:
    """The text search configuration of a language, by default the reader's."""
    return CONFIGS.get(language or get_language() or settings.LANGUAGE_CODE, FIRST_CONFIG)


def column_of(part: str, language: str) -> str:
    """How a part of the search document is called while a row is written: "title_de"."""
    return f"{part}_{language.replace('-', '_')}"


def texts_in(fact: "Facts", language: str) -> dict[str, str]:
    """What the product is found by in one language, by weight: title, families, properties, description.

    The name of a set counts as a family: who types what a part is called means the part rather than the set around it.
    """
    product = fact.product
    families = [product.brand, product.in_language("search_words", language)]
    families += [_family(category, language) for category in fact.categories]
    values = [value["name"] for option in fact.options for value in option["values"]]
    values += [word_of(row) for row in fact.attributes]
    name = product.in_language("name", language)
    is_set = product.kind == Product.Kind.BUNDLE
    texts = {
        "title": "" if is_set else name,
        "families": " ".join([name, *families] if is_set else families),
        "properties": " ".join(
            [product.in_language("short_description", language), *_worded(values, language)]
        ),
        "description": product.in_language("description", language),
    }
    return texts if language != "de" else {part: _spelt_out(text) for part, text in texts.items()}


def words_in(fact: "Facts", language: str) -> str:
    """The words that a misspelt one may be corrected to."""
    product = fact.product
    texts = [product.in_language("name", language), product.brand]
    texts += [product.in_language("search_words", language)]
    texts += [_family(category, language) for category in fact.categories]
    values = [value["name"] for option in fact.options for value in option["values"]]
    values += [word_of(row) for row in fact.attributes if not row["is_section"]]
    return " ".join(texts + _worded(values, language))


def word_of(row: dict) -> str:
    """What somebody types to find a property: a yes is found by what it says yes to, a number and a date by nothing."""
    if row["kind"] == Attribute.Kind.BOOLEAN:
        return row["name"] if row["value"] == "yes" else ""
    if row["kind"] in (Attribute.Kind.NUMBER, Attribute.Kind.DATE):
        return ""
    return row["value"]


def _family(category: Translated, language: str) -> str:
    return f"{category.in_language('name', language)} {category.in_language('search_words', language)}"


def _worded(values: list[str], language: str) -> list[str]:
    if language == settings.LANGUAGE_CODE:
        return values
    known = wordings(language)
    return [known.get(value, value) for value in values]


def _spelt_out(text: str) -> str:
    """With "Groesse" behind "Größe": people without these letters on their keyboard type so."""
    more = {word.translate(UMLAUTS) for word in text.split() if word.translate(UMLAUTS) != word}
    return " ".join([text, *sorted(more)])
