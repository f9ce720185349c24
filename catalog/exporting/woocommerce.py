"""WooCommerce's product table, as its own exporter writes it: a product with choices is a variable one, and a line for
each variation. Attributes that make variations come first, then the others. Weights in kg, sides in cm."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.db.models import Count

from catalog.exporting.reading import Sheet, money, text
from catalog.importing.parsing import join
from catalog.importing.texts import marked_up
from catalog.models import Option, Product, ProductAttribute, Variant

PLAIN = [
    "ID", "Type", "SKU", "GTIN, UPC, EAN, or ISBN", "Name", "Published", "Is featured?", "Visibility in catalog",
    "Short description", "Description", "Date sale price starts", "Date sale price ends", "Tax status", "Tax class",
    "In stock?", "Stock", "Low stock amount", "Backorders allowed?", "Sold individually?", "Weight (kg)", "Length (cm)",
    "Width (cm)", "Height (cm)", "Allow customer reviews?", "Purchase note", "Sale price", "Regular price", "Categories",
    "Tags", "Shipping class", "Images", "Download limit", "Download expiry days", "Parent", "Grouped products",
    "Upsells", "Cross-sells", "External URL", "Button text", "Position", "Brands",
]  # fmt: skip
PARTS = ["name", "value(s)", "visible", "global"]
Cells = dict[str, str]


def table(sheets: Iterable[Sheet]) -> Iterator[list]:
    most = _most(Option) + _most(ProductAttribute)
    header = [*PLAIN, *(f"Attribute {number} {part}" for number in range(1, most + 1) for part in PARTS)]
    yield header
    for sheet in sheets:
        for line in _lines(sheet):
            yield [line.get(name, "") for name in header]


def _most(model) -> int:
    column = "attribute" if model is ProductAttribute else "pk"
    counts = model.objects.order_by().values("product").annotate(n=Count(column, distinct=True))
    return counts.order_by("-n").values_list("n", flat=True).first() or 0


def _lines(sheet: Sheet) -> Iterator[Cells]:
    if len(sheet.variants) == 1 and not sheet.options:
        yield _product(sheet, "simple") | _attributes(sheet) | _variant(sheet, sheet.variants[0])
        return
    parent = _product(sheet, "variable") | {"SKU": "", "In stock?": "1"}
    yield parent | _attributes(sheet)
    for variant in sheet.variants:
        yield _variation(sheet, variant) | _variant(sheet, variant)


def _product(sheet: Sheet, kind: str) -> Cells:
    product = sheet.product
    return {
        "ID": str(product.pk),
        "Type": kind,
        "Name": text(product.name),
        "Published": "1" if product.status == Product.Status.ACTIVE else "-1",
        "Is featured?": "0",
        "Visibility in catalog": "visible",
        "Short description": text(product.short_description),
        "Description": marked_up(product.description),
        "Tax status": "taxable",
        "Allow customer reviews?": "1",
        "Categories": text(join(sheet.branches)),
        "Tags": text(product.search_words),
        "Images": join(photo.url for photo in sheet.photos),
        "Position": str(product.position),
        "Brands": text(product.brand.replace(",", "\\,")),
    }


def _attributes(sheet: Sheet) -> Cells:
    rows = [(option.name, [value.name for value in sheet.values[option.pk]]) for option in sheet.options]
    taken = {name.lower() for name, _values in rows}  # there, a name stands for one thing
    rows += [
        (name, sheet.attributes[code]) for code, name in sheet.names.items() if name.lower() not in taken
    ]
    cells = {}
    for number, (name, values) in enumerate(rows, start=1):
        for part, cell in zip(PARTS, (text(name), text(join(values)), "1", "0"), strict=True):
            cells[f"Attribute {number} {part}"] = cell
    return cells


def _variation(sheet: Sheet, variant: Variant) -> Cells:
    product = sheet.product
    is_sold = product.status == Product.Status.ACTIVE and variant.is_active
    cells = {
        "ID": f"{product.pk}{variant.pk:09}",
        "Type": "variation",
        "Name": text(f"{product.name} - {variant.title}"),
        "Published": "1" if variant.is_active else "0",
        "Visibility in catalog": "visible" if is_sold else "hidden",
        "Tax status": "taxable",
        "Parent": f"id:{product.pk}",
        "Position": str(variant.position),
        "Images": join(photo.url for photo in sheet.photos if variant.pk in photo.variants),
    }
    for number, option in enumerate(sheet.options, start=1):
        value = sheet.choices[variant.pk].get(option.pk, "")
        cells[f"Attribute {number} name"] = text(option.name)
        cells[f"Attribute {number} value(s)"] = text(value.replace(",", "\\,"))
        cells[f"Attribute {number} global"] = "0"
    return cells


def _variant(sheet: Sheet, variant: Variant) -> Cells:
    was = variant.compare_at_minor
    on_hand = sheet.on_hand(variant)
    return {
        "SKU": text(variant.sku),
        "GTIN, UPC, EAN, or ISBN": text(variant.ean13),
        "In stock?": "1" if on_hand == "" or on_hand else "0",
        "Stock": str(on_hand),
        "Low stock amount": str(variant.low_stock_at) if on_hand != "" else "",
        "Backorders allowed?": "0",
        "Sold individually?": "0",
        "Weight (kg)": _scaled(variant.weight_g, 3),
        "Length (cm)": _scaled(variant.depth_mm, 1),
        "Width (cm)": _scaled(variant.width_mm, 1),
        "Height (cm)": _scaled(variant.height_mm, 1),
        "Sale price": money(variant.price_minor, variant.currency) if was else "",
        "Regular price": money(was or variant.price_minor, variant.currency),
    }


def _scaled(number: int | None, digits: int) -> str:
    return "" if number is None else f"{Decimal(number).scaleb(-digits).normalize():f}"
