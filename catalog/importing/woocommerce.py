"""WooCommerce's product export: github.com/woocommerce/woocommerce/wiki/Product-CSV-Import-Schema.

A simple product is one line. A variable product is a line of its own, followed anywhere in the file by its variations,
which name it under Parent by SKU or as "id:44". Lines carry no address: products are found again by their SKUs. A
sale price counts while its dates say so. An empty cell leaves the shop's own value alone.
"""

import html
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.importing import parsing, sales
from catalog.importing.names import sku_from
from catalog.importing.parsing import cut, short
from catalog.importing.records import (
    Cells,
    Given,
    Line,
    PhotoRecord,
    ProductRecord,
    SaleRecord,
    VariantRecord,
    given_only,
)
from catalog.importing.texts import plain
from catalog.importing.woocommerce_headers import field_of
from catalog.models import Product

__all__ = ["code", "field_of", "key_of", "label", "read", "recognises", "sku_of"]

code, label = "woocommerce", "WooCommerce"
SIDES = {"length": "depth_mm", "width": "width_mm", "height": "height_mm"}


def recognises(fields: set[str]) -> bool:
    return {"type", "name"} <= fields and bool({"regular_price", "categories", "parent"} & fields)


def key_of(line: Line) -> tuple[str, str]:
    """Variations share the key of the product that they name; that one answers to its id and to its SKU."""
    kind = line.cells.get("type", "").lower()
    if "variation" in kind:
        return line.cells.get("parent", "").strip(), ""
    number, sku = line.cells.get("id", "").strip(), line.cells.get("sku", "").strip()
    name = line.cells.get("name", "").strip()
    return (f"id:{number}" if number else sku or name), (sku if number else "")


def sku_of(line: Line) -> str:
    return line.cells.get("sku", "").strip()


def read(lines: list[Line], given: Given) -> ProductRecord:
    lines = sorted(lines, key=_is_variation)
    record = ProductRecord(lines[0].number)
    cells = Cells(record, lines[0], given)
    kind = lines[0].cells.get("type", "simple").lower()
    if _is_variation(lines[0]):
        cells.refuse("parent", _("The product of this variation is not in the file."))
    elif "grouped" in kind or "external" in kind:
        cells.refuse("type", _("Grouped and external products are not imported: add them here."))
    else:
        _read_product(record, cells)
        _read_variants(record, cells, lines, "variable" in kind)
    return record


def _is_variation(line: Line) -> bool:
    return "variation" in line.cells.get("type", "").lower()


def _read_product(record: ProductRecord, cells: Cells) -> None:
    if not cells.text("name").strip():
        cells.refuse("name", _("A product needs a name."))
    tags, brands = _words(cells.text("tags")), _words(cells.text("brands"))
    record.values = given_only(
        [
            ("name", cells.of("name", lambda text: short(html.unescape(text).strip(), 150))),
            ("short_description", cells.of("short_description", lambda text: cut(_prose(text), 250))),
            ("description", cells.of("description", _prose)),
            ("brand", cut(brands[0], 80) if brands else None),
            ("search_words", cut(", ".join(tags), 250) if tags else None),
            ("position", cells.of("position", parsing.whole)),
        ]
    )
    record.status = _status(cells)
    if paths := parsing.split(cells.text("categories")):
        record.categories = [tuple(html.unescape(part).strip() for part in path.split(">")) for path in paths]
    record.photos = [PhotoRecord(url) for url in parsing.split(cells.text("images")) if url]


def _words(text: str) -> list[str]:
    return [html.unescape(word) for word in parsing.split(text) if word]


def _prose(text: str) -> str:
    r"""The exporter writes line breaks as "\n" and a backslash before an "n" as two."""
    return plain(text.replace("\\\\n", "\0").replace("\\n", "\n").replace("\0", "\\n")).replace(
        "\n\n\n", "\n\n"
    )


def _status(cells: Cells) -> str | None:
    published = cells.text("published").strip()
    if published not in ("", "-1", "0", "1", "2"):
        cells.refuse(
            "published", _("“%(text)s” is neither yes nor no: write 1 or 0.") % {"text": published[:40]}
        )
    if not published:
        return None
    seen = cells.text("visibility").strip() != "hidden"
    return Product.Status.ACTIVE if published == "1" and seen else Product.Status.DRAFT


def _read_variants(record: ProductRecord, cells: Cells, lines: list[Line], is_variable: bool) -> None:
    named = _attributes(cells)
    if not is_variable:
        record.attributes = {name: values for name, values in named.items() if values}
        _read_variant(record, cells, {}, cells)
        return
    children = [Cells(record, line, cells.given) for line in lines[1:]]
    chosen = [
        {name: values[0] for name, values in _attributes(child).items() if values} for child in children
    ]
    used = {name for choices in chosen for name in choices}
    for name, values in named.items():
        if name in used:
            record.option(name).values.extend(values)
        elif values:
            record.attributes[name] = values
    for child, choices in zip(children, chosen, strict=True):
        _read_variant(record, child, choices, cells)
    if not children:
        cells.note("type", _("The file has no variations of this product: it has nothing to sell yet."))


def _attributes(cells: Cells) -> dict[str, list[str]]:
    """{name: values} of one line."""
    found = {}
    for field in cells.line.cells:
        if field.startswith("attribute") and field.endswith("_name"):
            values = parsing.split(cells.text(field.replace("_name", "_values")))
            found[cut(html.unescape(cells.text(field)).strip(), 40)] = [
                html.unescape(value) for value in values if value
            ]
    return found


def _read_variant(record: ProductRecord, cells: Cells, choices: dict[str, str], parent: Cells) -> None:
    for name, value in choices.items():
        option = record.option(name)
        choices[name] = cut(value, 60)
        if choices[name] not in option.values:
            option.values.append(choices[name])
    sku = cells.of("sku", lambda text: short(text.strip(), 40))
    sku = sku or sku_from(
        "wc", cells.text("id") or parent.text("sku") or parent.text("name"), *choices.values()
    )
    variant = VariantRecord(cells.line.number, sku, choices=choices)
    prices, variant.sale = _prices(cells)
    variant.values = _values(cells, parent) | prices | {"position": len(record.variants)}
    if cells is not parent:
        variant.values["is_active"] = cells.text("published").strip() in ("", "1")
        for url in parsing.split(cells.text("images")):
            _photo(record, url).skus.append(sku)
    if cells.text("stock").strip() == "parent":
        cells.note("stock", _("The pieces are counted for the whole product there: count this variant here."))
    elif (counted := cells.of("stock", parsing.pieces)) is not None:
        variant.stock[""] = counted
    record.variants.append(variant)


def _photo(record: ProductRecord, url: str) -> PhotoRecord:
    found = next((photo for photo in record.photos if photo.url == url), None)
    if found is None:
        found = PhotoRecord(url)
        record.photos.append(found)
    return found


def _values(cells: Cells, parent: Cells) -> dict[str, Any]:
    values = given_only(
        [
            ("ean13", cells.of("gtin", lambda text: short(text.strip().replace("-", ""), 13))),
            ("low_stock_at", cells.of("low_stock", parsing.whole)),
            ("cost_minor", cells.of("cost", parsing.minor, cells.given.currency)),
            *_measures(parent),
            *(_measures(cells) if cells is not parent else ()),
        ]
    )
    return values


def _measures(cells: Cells) -> list[tuple[str, Any]]:
    """Variations take their weight and sides from the product where they have none of their own."""
    found = []
    for field in cells.line.cells:
        name, _colon, unit = field.partition(":")
        if name == "weight":
            found.append(("weight_g", cells.of(field, parsing.measure, unit, parsing.GRAMS)))
        elif name in SIDES:
            found.append((SIDES[name], cells.of(field, parsing.measure, unit, parsing.MILLIMETRES)))
    return found


def _prices(cells: Cells) -> tuple[dict[str, Any], SaleRecord | None]:
    """The regular price and the sale that is to come or will end; a sale without days is a price with a former one."""
    currency = cells.given.currency
    regular, sale = (cells.of(name, parsing.minor, currency) for name in ("regular_price", "sale_price"))
    starts, ends = cells.of("sale_from", parsing.day), cells.of("sale_to", parsing.day)
    if regular is None:
        return {}, None
    plain = {"price_minor": regular, "compare_at_minor": None}
    today = timezone.localdate()
    if sale is None or sale >= regular or (ends and ends < today):
        return plain, None
    if starts and ends and ends < starts:
        cells.note("sale_to", _("The sale ends before it begins: the regular price is taken."))
        return plain, None
    if ends or (starts and starts > today):
        return plain, sales.between(sale, starts, ends)
    return {"price_minor": sale, "compare_at_minor": regular}, None
