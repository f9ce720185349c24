"""Our own table: one line a variant; what belongs to the product stands on its first line.

An empty cell means empty: what is exported, changed in a spreadsheet and imported again is then exactly what it says. A
column that is missing leaves everything as it is. Lists in a cell are separated by commas ("\\," is a comma), branches of
the tree by " > ".
"""

import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.importing import parsing, till_facts
from catalog.importing.parsing import BadCell, short
from catalog.importing.records import (
    Cells,
    Given,
    Line,
    OptionRecord,
    PhotoRecord,
    ProductRecord,
    VariantRecord,
)
from catalog.models import Product
from catalog.products.unit_pricing import Unit
from shop.core.models.wording import other_languages

code, label = "till", gettext_lazy("Till")

TEXTS = {  # column: characters
    "short_description": 250,
    "description": 100_000,
    "brand": 80,
    "search_words": 250,
    "country_of_origin": 2,
    "hs_code": 12,
    "seo_title": 70,
    "seo_description": 160,
}
LISTS = ["categories", "photos", "photo_texts"]
MEASURES = {"weight_g": 2**31 - 1, "width_mm": 2**31 - 1, "height_mm": 2**31 - 1, "depth_mm": 2**31 - 1}
NEVER_EMPTY = [
    "price_minor",
    "low_stock_at",
    "is_active",
    "weight_g",
]  # an empty cell leaves these as they are
AMOUNTS = [
    "min_quantity",
    "max_quantity",
    "quantity_step",
    "content_amount",
    "content_unit",
    "percent_off_parts",
    "shipping_class",
    "parts",
]
Reader = tuple[str, Callable[..., Any], tuple, Any]  # column, meaning, its arguments, what empty means
READERS: dict[str, Reader] = {
    "ean": ("ean13", short, (13,), ""),
    "variant_position": ("position", parsing.whole, (32767,), 0),
    "low_stock_at": ("low_stock_at", parsing.whole, (), None),
    "on_sale": ("is_active", parsing.flag, (), None),
    "min_quantity": ("min_quantity", parsing.counted, (), 1),
    "max_quantity": ("max_quantity", parsing.counted, (), None),
    "quantity_step": ("quantity_step", parsing.counted, (), 1),
    "content_amount": ("content_amount", parsing.content, (), None),
    "content_unit": ("content_unit", parsing.one_of, (Unit.values,), ""),
    "shipping_class": ("shipping_class", parsing.slug, (20,), ""),
    "percent_off_parts": ("percent_off_parts", parsing.whole, (90,), None),
    **{name: (name, parsing.whole, (most,), None) for name, most in MEASURES.items()},
}
OPTION = re.compile(r"option(\d)_(name|must_choose|values|colors|value)")
COLUMNS = [
    "slug", "name", "status", *TEXTS, "tax_class", "position", *till_facts.FACTS, *till_facts.RELATED, *LISTS,
    "sku", "ean", "variant_position", "price", "compare_at_price", "cost", "floor_price", "currency", *MEASURES,
    "low_stock_at", "on_sale", *AMOUNTS, "variant_photos",
]  # fmt: skip


def field_of(header: str) -> str:
    """The field that a column fills; empty if none."""
    name = header.strip()
    if (found := till_facts.TRANSLATION.fullmatch(name)) and found[2] in other_languages():
        return name
    if name in COLUMNS or OPTION.fullmatch(name) or re.fullmatch(r"(stock|attribute):[-\w]{1,40}", name):
        return name
    return "stock" if name == "stock" else ""


def recognises(fields: set[str]) -> bool:
    return {"slug", "sku"} <= fields


def key_of(line: Line) -> tuple[str, str]:
    """(product's key, another name that other lines may call it by)."""
    return line.cells.get("slug", "").strip(), ""


def sku_of(line: Line) -> str:
    return line.cells.get("sku", "").strip()


def read(lines: list[Line], given: Given) -> ProductRecord:
    record = ProductRecord(lines[0].number, is_whole=True)
    cells = Cells(record, lines[0], given)
    record.slug = _slug(cells)
    _read_product(record, cells)
    options = _read_options(cells)
    record.options = list(options.values())
    for line in lines:
        _read_variant(record, options, Cells(record, line, given))
    return record


def _slug(cells: Cells) -> str:
    slug = cells.text("slug").strip()
    if not re.fullmatch(r"[-\w]{1,150}", slug, re.ASCII):
        cells.refuse("slug", _("The address holds letters, digits and hyphens only."))
    return slug


def _read_product(record: ProductRecord, cells: Cells) -> None:
    fields = cells.given.fields
    if "name" in fields:
        record.values["name"] = till_facts.exact(cells, "name", 150)
        if not cells.text("name").strip():
            cells.refuse("name", _("A product needs a name."))
    for name in TEXTS.keys() & fields:
        record.values[name] = till_facts.exact(cells, name, TEXTS[name])
    if tax_class := cells.of("tax_class", short, 20):
        record.values["tax_class"] = tax_class
    if "position" in fields:
        record.values["position"] = cells.of("position", parsing.whole) or 0
    record.status = cells.of("status", _status)
    till_facts.read(record, cells)
    if "categories" in fields:
        record.categories = [path_of(text) for text in parsing.split(cells.text("categories"))]
    texts = parsing.split(cells.text("photo_texts"))
    for number, url in enumerate(parsing.split(cells.text("photos"))):
        known = "photo_texts" in fields
        record.photos.append(PhotoRecord(url, (texts[number : number + 1] or [""])[0] if known else None))
    for name in fields:
        if name.startswith("attribute:"):
            record.attributes["code:" + name.removeprefix("attribute:")] = parsing.split(cells.text(name))


def _status(text: str) -> str:
    if text.strip() not in Product.Status.values:
        raise BadCell(_("A status is draft, active or retired, not “%(text)s”.") % {"text": text[:40]})
    return text.strip()


def path_of(text: str) -> tuple[str, ...]:
    """ "Home > Kitchen" → ("Home", "Kitchen"). Names do not hold " > " themselves."""
    return tuple(part.strip() for part in text.split(" > ") if part.strip())


def _read_options(cells: Cells) -> dict[str, OptionRecord]:
    """By the number of their columns."""
    fields, options = cells.given.fields, {}
    for number in _numbers(fields):
        name = cells.of(f"option{number}_name", short, 40)
        if not name:
            continue
        option = OptionRecord(name, parsing.split(cells.text(f"option{number}_values")))
        if f"option{number}_colors" in fields:
            colors = parsing.split(cells.text(f"option{number}_colors"))
            option.colors = dict(zip(option.values, colors, strict=False))
            if any(color and not re.fullmatch("#[0-9a-f]{6}", color) for color in colors):
                cells.refuse(f"option{number}_colors", _("A colour is written like #1f5f5b."))
        option.must_choose = cells.of(f"option{number}_must_choose", parsing.flag)
        options[number] = option
    return options


def _numbers(fields: frozenset[str]) -> list[str]:
    return sorted({found[1] for name in fields if (found := OPTION.fullmatch(name))})


def _read_variant(record: ProductRecord, options: dict[str, OptionRecord], cells: Cells) -> None:
    fields = cells.given.fields
    sku = cells.of("sku", short, 40)
    if not sku:
        if {"price", "ean"} & cells.line.cells.keys():
            cells.refuse("sku", _("A variant needs a SKU."))
        return
    variant = VariantRecord(cells.line.number, sku.strip())
    variant.values = _values(cells)
    if "parts" in fields:
        variant.parts = cells.of("parts", parsing.parts) or []
    variant.choices = _choices(options, cells) if any(OPTION.fullmatch(name) for name in fields) else None
    for name in fields:
        if name.startswith("stock"):
            counted = cells.of(name, parsing.pieces)
            if counted is not None:
                variant.stock[name.partition(":")[2]] = counted
    for url in parsing.split(cells.text("variant_photos")):
        _photo(record, url).skus.append(variant.sku)
    record.variants.append(variant)


def _values(cells: Cells) -> dict[str, Any]:
    currency = cells.of("currency", _currency, cells.given.currency) or cells.given.currency
    values: dict[str, Any] = {}
    for name, (column, meaning, arguments, empty) in (READERS | _money(currency)).items():
        if name in cells.given.fields:
            values[column] = cells.of(name, meaning, *arguments) if cells.text(name) else empty
    for column in NEVER_EMPTY:
        if values.get(column, 0) is None:
            del values[column]
    was = values.get("compare_at_minor")
    if was is not None and "price_minor" in values and was <= values["price_minor"]:
        cells.refuse("compare_at_price", _("The former price must be above the price."))
    _check_amounts(cells, values)
    return values


def _check_amounts(cells: Cells, values: dict[str, Any]) -> None:
    """As the shop's own form has it."""
    most = values.get("max_quantity")
    if most is not None and most < values.get("min_quantity", 1):
        cells.refuse("max_quantity", _("At most is no less than at least."))
    given = {"content_amount", "content_unit"} <= values.keys()
    if given and bool(values["content_amount"]) != bool(values["content_unit"]):
        cells.refuse("content_unit", _("A content has an amount above 0 and a unit."))


def _money(currency: str) -> dict[str, Reader]:
    return {
        "price": ("price_minor", parsing.minor, (currency,), None),
        "compare_at_price": ("compare_at_minor", parsing.minor, (currency,), None),
        "cost": ("cost_minor", parsing.minor, (currency,), None),
        "floor_price": ("floor_minor", parsing.minor, (currency,), None),
    }


def _currency(text: str, own: str) -> str:
    if text.strip().upper() != own:
        raise BadCell(_("The shop sells in %(own)s, not in “%(text)s”.") % {"own": own, "text": text[:10]})
    return own


def _choices(options: dict[str, OptionRecord], cells: Cells) -> dict[str, str]:
    choices: dict[str, str] = {}
    for number, option in options.items():
        if value := cells.of(f"option{number}_value", short, 60):
            choices[option.name] = value
            if value not in option.values:
                option.values.append(value)
    return choices


def _photo(record: ProductRecord, url: str) -> PhotoRecord:
    found = next((photo for photo in record.photos if photo.url == url), None)
    if found is None:
        found = PhotoRecord(url)
        record.photos.append(found)
    return found
