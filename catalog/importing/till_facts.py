"""What our own table says of a product beside its name and words: what it is, whose, when it appears, what its buyer is
asked, its texts in other languages, and which products it goes with."""

import re

from catalog.importing import parsing, questions
from catalog.importing.parsing import short
from catalog.importing.records import Cells, ProductRecord
from catalog.models import Product, Related

TRANSLATED = {  # column: characters
    field.name: field.max_length or 100_000
    for field in Product._meta.concrete_fields
    if field.name in Product.TRANSLATED
}
TRANSLATION = re.compile(rf"({'|'.join(TRANSLATED)}):([a-z]{{2}}(?:-[a-z]+)?)")
RELATED = {f"related_{kind}": kind for kind in Related.Kind.values}
FACTS = [
    "type",
    "kind",
    "seller",
    "made_in_days",
    "download_limit",
    "download_days",
    "is_personal",
    "publish_at",
    "retire_at",
    "questions",
]


def read(record: ProductRecord, cells: Cells) -> None:
    """What an empty cell means is said by its column: no type, the shop itself, no moment; a kind stays."""
    fields, values = cells.given.fields, record.values
    if kind := cells.of("kind", parsing.one_of, Product.Kind.values):
        values["kind"] = kind
    if "made_in_days" in fields:
        values["made_in_days"] = cells.of("made_in_days", parsing.whole, 32767) or 0
    for name in ("download_limit", "download_days"):
        if (number := cells.of(name, parsing.whole, 32767)) is not None:
            values[name] = number
    if (is_personal := cells.of("is_personal", parsing.flag)) is not None:
        values["is_personal"] = is_personal
    for name in ("publish_at", "retire_at"):
        if name in fields:
            values[name] = cells.of(name, parsing.moment)
    if "type" in fields:
        record.type = (cells.of("type", short, 60) or "").strip()
    if "seller" in fields:
        record.seller = cells.text("seller").strip()
    if "questions" in fields:
        record.questions = cells.of("questions", questions.read) or []
    for name, kind in RELATED.items():
        if name in fields:
            record.related[kind] = [slug for slug in parsing.split(cells.text(name)) if slug]
    for name in fields:
        if found := TRANSLATION.fullmatch(name):
            record.texts[found[2], found[1]] = exact(cells, name, TRANSLATED[found[1]])


def exact(cells: Cells, name: str, most: int) -> str:
    """To the letter, blanks too."""
    return cells.of(name, short, most) or cells.text(name)[:most]
