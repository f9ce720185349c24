"""Shopify's product export, with the headers it had until 2024 ("Handle", "Variant Price") and those it has now
("URL handle", "Price"): help.shopify.com/manual/products/import-export/using-csv.

Lines of one product share its handle; the first one describes it, every line with a price or a choice is a variant, and a
line with a picture alone adds that picture. An empty cell leaves the shop's own value alone. Type is the merchant's own
category; where it is empty, Shopify's product category stands in. Metafield columns become attributes.
"""

import re

from django.utils.translation import gettext as _

from catalog.importing import parsing
from catalog.importing.names import sku_from
from catalog.importing.parsing import BadCell, cut, short
from catalog.importing.records import (
    Cells,
    Given,
    Line,
    PhotoRecord,
    ProductRecord,
    VariantRecord,
    given_only,
)
from catalog.importing.texts import plain, slug_of
from catalog.models import Product

code, label = "shopify", "Shopify"

HEADERS = {
    "handle": ("handle", "url handle"),
    "title": ("title",),
    "body": ("body (html)", "description"),
    "vendor": ("vendor",),
    "category": ("product category", "standard product type"),
    "type": ("type", "custom product type"),
    "tags": ("tags",),
    "published": ("published", "published on online store"),
    "status": ("status",),
    "sku": ("variant sku", "sku"),
    "barcode": ("variant barcode", "barcode"),
    "price": ("variant price", "price"),
    "compare_at": ("variant compare at price", "compare-at price"),
    "cost": ("cost per item",),
    "stock": ("variant inventory qty", "inventory quantity"),
    "grams": ("variant grams", "weight value (grams)"),
    "image": ("image src", "product image url"),
    "image_position": ("image position",),
    "image_text": ("image alt text",),
    "variant_image": ("variant image", "variant image url"),
    "gift_card": ("gift card",),
    "seo_title": ("seo title",),
    "seo_description": ("seo description",),
} | {f"option{number}_{part}": (f"option{number} {part}",) for number in "123" for part in ("name", "value")}
FIELDS = {header: field for field, headers in HEADERS.items() for header in headers}
METAFIELD = re.compile(r"(.{1,60}?) \(product\.metafields\.[\w.-]+\)")
STATUSES = {
    "active": Product.Status.ACTIVE,
    "draft": Product.Status.DRAFT,
    "unlisted": Product.Status.DRAFT,
    "archived": Product.Status.RETIRED,
}
NO_CHOICE = ("title", "default title")


def field_of(header: str) -> str:
    if found := METAFIELD.fullmatch(header.strip()):
        return f"attribute:{found[1]}"
    return FIELDS.get(header.strip().lower(), "")


def recognises(fields: set[str]) -> bool:
    return {"handle", "title"} <= fields and bool({"price", "sku", "option1_name"} & fields)


def key_of(line: Line) -> tuple[str, str]:
    return line.cells.get("handle", "").strip().lower(), ""


def sku_of(line: Line) -> str:
    return line.cells.get("sku", "").strip()


def read(lines: list[Line], given: Given) -> ProductRecord:
    record = ProductRecord(lines[0].number)
    first = Cells(record, lines[0], given)
    record.slug = slug_of(first.text("handle"), most=150, otherwise="")
    if not record.slug:
        first.refuse("handle", _("The handle holds letters, digits and hyphens."))
    _read_product(record, first)
    names = _option_names(first)
    for line in lines:
        cells = Cells(record, line, given)
        photo = _read_photo(record, cells)
        if line.cells.keys() & {"price", "sku", "option1_value"}:
            _read_variant(record, cells, names, photo)
    return record


def _read_product(record: ProductRecord, cells: Cells) -> None:
    if not cells.text("title").strip():
        cells.refuse("title", _("A product needs a name."))
    tags = parsing.split(cells.text("tags"))
    record.values = given_only(
        [
            ("name", cells.of("title", lambda text: short(text.strip(), 150))),
            ("description", cells.of("body", plain)),
            ("brand", cells.of("vendor", lambda text: cut(text.strip(), 80))),
            ("search_words", cut(", ".join(tags), 250) if tags else None),
            ("seo_title", cells.of("seo_title", lambda text: cut(text.strip(), 70))),
            ("seo_description", cells.of("seo_description", lambda text: cut(text.strip(), 160))),
        ]
    )
    record.status = _status(cells)
    path = cells.text("type").strip() or cells.text("category").strip()
    if path:
        record.categories = [tuple(part.strip() for part in path.split(" > ") if part.strip())]
    for name in cells.line.cells:
        if name.startswith("attribute:"):
            values = re.split(r"\s*;\s*", cells.text(name).strip())
            record.attributes[name.removeprefix("attribute:")] = [
                cut(value, 250) for value in values if value
            ]
    if cells.of("gift_card", parsing.flag):
        cells.refuse("gift_card", _("Gift cards are not imported: add them here."))


def _status(cells: Cells) -> str | None:
    status = cells.of("status", _known_status)
    published = cells.of("published", parsing.flag)
    if published is False and status in (None, Product.Status.ACTIVE):
        return Product.Status.DRAFT
    return status or (Product.Status.ACTIVE if published else None)


def _known_status(text: str) -> str:
    if text.strip().lower() not in STATUSES:
        raise BadCell(_("The status “%(text)s” is not known.") % {"text": text[:40]})
    return STATUSES[text.strip().lower()]


def _option_names(cells: Cells) -> dict[str, str]:
    """{number: name} of real choices; a product without any is exported with the choice "Title"."""
    names = {number: cells.of(f"option{number}_name", short, 40) for number in "123"}
    value = cells.text("option1_value").strip().lower()
    if ((names["1"] or "").strip().lower(), value) == NO_CHOICE:
        names["1"] = None
    return {number: name.strip() for number, name in names.items() if name}


def _read_photo(record: ProductRecord, cells: Cells) -> PhotoRecord | None:
    """The picture of the line that belongs to the product; returns the one that shows the line's variant."""
    if url := cells.text("image").strip():
        _photo(record, url).alt = cut(cells.text("image_text").strip(), 300) or None
    shown = cells.text("variant_image").strip()
    return _photo(record, shown) if shown else None


def _photo(record: ProductRecord, url: str) -> PhotoRecord:
    found = next((photo for photo in record.photos if photo.url == url), None)
    if found is None:
        found = PhotoRecord(url)
        record.photos.append(found)
    return found


def _read_variant(
    record: ProductRecord, cells: Cells, names: dict[str, str], photo: PhotoRecord | None
) -> None:
    choices = {}
    for number, name in names.items():
        if value := cells.of(f"option{number}_value", lambda text: short(text.strip(), 60)):
            choices[name] = value
            option = record.option(name)
            if value not in option.values:
                option.values.append(value)
    sku = cells.of("sku", lambda text: short(text.strip(), 40)) or sku_from(record.slug, *choices.values())
    variant = VariantRecord(cells.line.number, sku, choices=choices)
    price, was = (cells.of(name, parsing.minor, cells.given.currency) for name in ("price", "compare_at"))
    variant.values = given_only(
        [
            ("price_minor", price),
            ("cost_minor", cells.of("cost", parsing.minor, cells.given.currency)),
            ("ean13", cells.of("barcode", lambda text: short(text.strip(), 13))),
            ("weight_g", cells.of("grams", parsing.measure, "g", parsing.GRAMS)),
            ("position", len(record.variants)),
        ]
    )
    if price is not None and "compare_at" in cells.given.fields:
        variant.values["compare_at_minor"] = was if was and was > price else None
    counted = cells.of("stock", parsing.pieces)
    if counted is not None:
        variant.stock[""] = counted
    if photo:
        photo.skus.append(sku)
    record.variants.append(variant)
