"""What the demo's products are described by: types, attributes with their choices, and values of the right kind.

The data says some things in one breath ("Matte cotton rag, 310 g/m²", "Dishwasher and microwave safe."); here they become
the properties that people filter by.
"""

import re
from datetime import date, timedelta

from catalog import describing
from catalog.models import Attribute, AttributeChoice, Product, ProductType
from shop.demo.catalogue_words import ATTRIBUTES, COLOURS, SWATCHES, TYPE_OF, TYPES

WEIGHT = re.compile(r",? ?(\d+) g/m²")
FIRST = date(2021, 3, 1)  # when the studio drew its first print


def load(pairs: list[tuple[Product, dict]]) -> None:
    attributes = _attributes()
    _types(attributes)
    values = [(product, _values(row)) for product, row in pairs]
    _choices(attributes, [given for _product, given in values])
    for product, given in values:
        asked = {attributes[code]: raw for code, raw in given.items() if code in attributes}
        describing.describe(product, values=asked)


def _attributes() -> dict[str, Attribute]:
    found = {}
    for place, (code, fields) in enumerate(ATTRIBUTES.items()):
        found[code], _made = Attribute.objects.update_or_create(
            code=code, defaults={"position": place} | fields
        )
    return found


def _types(attributes: dict[str, Attribute]) -> None:
    for place, (name, codes) in enumerate(TYPES.items()):
        kind, _made = ProductType.objects.update_or_create(name=name, defaults={"position": place})
        kind.attributes.set([attributes[code] for code in codes])


def type_of(row: dict) -> ProductType | None:
    name = next((TYPE_OF[slug] for slug in row["categories"] if slug in TYPE_OF), "")
    return ProductType.objects.get_or_create(name=name)[0] if name else None


def _choices(attributes: dict[str, Attribute], rows: list[dict[str, list[str]]]) -> None:
    for attribute in attributes.values():
        if attribute.kind not in Attribute.CHOSEN:
            continue
        names = (
            SWATCHES
            if attribute.code == "colours"
            else dict.fromkeys(sorted({value for row in rows for value in row.get(attribute.code, ())}), "")
        )
        for place, (name, color) in enumerate(names.items()):
            AttributeChoice.objects.update_or_create(
                attribute=attribute, name=name, defaults={"position": place, "color": color}
            )


def _values(row: dict) -> dict[str, list[str]]:
    """{code: what its products' data says}, every property on its own."""
    said = dict(row["attributes"]) | {"colours": _colours(row)}
    given = {code: _capital(value) for code, value in said.items()}
    kind = next((TYPE_OF[slug] for slug in row["categories"] if slug in TYPE_OF), "")
    return given | EXTRA.get(kind, lambda row, given: {})(row, given)


def _capital(value: object) -> list[str]:
    texts = [str(one) for one in (value if isinstance(value, list) else [value])]
    return [text[:1].upper() + text[1:] for text in texts]


def _colours(row: dict) -> list[str]:
    """The plain colours that people filter by, from the picture's or else from the names of the choices."""
    chosen = [value for option in row["options"] for value in option["values"] if value in COLOURS]
    return row["attributes"].get("colours") or list(dict.fromkeys(COLOURS[name][1] for name in chosen))


def _print(row: dict, given: dict) -> dict[str, list[str]]:
    drawn = FIRST + timedelta(days=37 * row["position"])
    return _weight(given, "paper", "paper_weight") | {"drawn_on": [drawn.isoformat()]}


def _mug(row: dict, given: dict) -> dict[str, list[str]]:
    care = " ".join(given.get("care", [])).lower()
    return {code: ["yes" if word in care else "no"] for code, word in WORDS.items()}


def _shirt(row: dict, given: dict) -> dict[str, list[str]]:
    organic = "organic" in " ".join(given.get("material", [])).lower()
    return _weight(given, "material", "cloth_weight") | {"organic": ["yes" if organic else "no"]}


def _notebook(row: dict, given: dict) -> dict[str, list[str]]:
    paper = " ".join(given.get("paper", []))
    friendly = "fountain" in paper.lower()
    words = "Smooth" if friendly else paper.split(", ")[-1].strip()
    weight = _weight(given, "paper", "paper_weight")
    return weight | {"paper": _capital(words), "fountain_pen": ["yes" if friendly else "no"]}


def _weight(given: dict, code: str, into: str) -> dict[str, list[str]]:
    """ "Matte cotton rag, 310 g/m²" → the paper and its weight."""
    text = " ".join(given.get(code, []))
    found = WEIGHT.search(text)
    return {code: [WEIGHT.sub("", text).strip()], into: [found[1]]} if found else {}


WORDS = {"dishwasher": "dishwasher", "microwave": "microwave"}
EXTRA = {"Print": _print, "Mug": _mug, "T-shirt": _shirt, "Notebook": _notebook}
