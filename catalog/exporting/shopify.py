"""Shopify's product table, with the headers that its importer takes: one line a variant,
further pictures on lines of their own.

Shopify knows three choices a product; what a product has beyond that is joined into the third.
"""

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from catalog.exporting.reading import Picture, Sheet, money, text
from catalog.importing.texts import marked_up
from catalog.models import Product, Variant

PRODUCT = ["Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published"]
OPTIONS = [f"Option{number} {part}" for number in "123" for part in ("Name", "Value")]
VARIANT = [
    "Variant SKU", "Variant Grams", "Variant Inventory Tracker", "Variant Inventory Qty", "Variant Inventory Policy",
    "Variant Fulfillment Service", "Variant Price", "Variant Compare At Price", "Variant Requires Shipping",
    "Variant Taxable", "Variant Barcode",
]  # fmt: skip
IMAGE = ["Image Src", "Image Position", "Image Alt Text"]
REST = [
    "Gift Card",
    "SEO Title",
    "SEO Description",
    "Variant Image",
    "Variant Weight Unit",
    "Cost per item",
    "Status",
]
HEADER = ["Handle", *PRODUCT, *OPTIONS, *VARIANT, *IMAGE, *REST]
STATUSES = {
    Product.Status.ACTIVE: "active",
    Product.Status.DRAFT: "draft",
    Product.Status.RETIRED: "archived",
}


def table(sheets: Iterable[Sheet]) -> Iterator[list]:
    yield HEADER
    for sheet in sheets:
        for number, (variant, photo) in enumerate(zip_longest(sheet.variants, sheet.photos)):
            yield _line(sheet, number, variant, photo)
        if not sheet.variants and not sheet.photos:
            yield _line(sheet, 0, None, None)


def _line(sheet: Sheet, number: int, variant: Variant | None, photo: Picture | None) -> list[str]:
    product = sheet.product
    is_first = number == 0
    return [
        product.slug,
        *(_product(sheet) if is_first else [""] * len(PRODUCT)),
        *(_options(sheet, variant, is_first) if variant else [""] * len(OPTIONS)),
        *(_variant(sheet, variant) if variant else [""] * len(VARIANT)),
        *([photo.url, str(number + 1), text(photo.alt)] if photo else [""] * len(IMAGE)),
        *(["FALSE", text(product.seo_title), text(product.seo_description)] if is_first else [""] * 3),
        next((p.url for p in sheet.photos if variant and variant.pk in p.variants), ""),
        "g" if variant else "",
        money(variant.cost_minor, variant.currency) if variant else "",
        STATUSES[Product.Status(product.status)] if is_first else "",
    ]


def _product(sheet: Sheet) -> list[str]:
    product = sheet.product
    return [
        text(product.name),
        marked_up(product.description),
        text(product.brand),
        text(sheet.branches[0] if sheet.branches else ""),
        text(product.search_words),
        "TRUE" if product.status == Product.Status.ACTIVE else "FALSE",
    ]


def _options(sheet: Sheet, variant: Variant, is_first: bool) -> list[str]:
    """A product without choices is told as the choice "Title"."""
    if not sheet.options:
        return ["Title" if is_first else "", "Default Title", "", "", "", ""]
    chosen = [(option.name, sheet.choices[variant.pk].get(option.pk, "")) for option in sheet.options]
    names = [name for name, _value in chosen[:2]] + [" / ".join(name for name, _value in chosen[2:])]
    values = [value for _name, value in chosen[:2]] + [" / ".join(value for _name, value in chosen[2:])]
    pairs = zip_longest(names[:3], values[:3], range(3), fillvalue="")
    return [text(part) for name, value, _n in pairs for part in (name if is_first else "", value)]


def _variant(sheet: Sheet, variant: Variant) -> list[str]:
    on_hand = sheet.on_hand(variant)
    return [
        text(variant.sku),
        str(variant.weight_g),
        "shopify" if on_hand != "" else "",
        str(on_hand),
        "deny",
        "manual",
        money(variant.price_minor, variant.currency),
        money(variant.compare_at_minor, variant.currency),
        "TRUE",
        "TRUE",
        text(variant.ean13),
    ]
