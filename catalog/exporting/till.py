"""Our own table (catalog/importing/till.py reads it): one line a variant, the product's columns on its first line."""

from collections.abc import Iterable, Iterator

from django.db.models import Count

from catalog.exporting.reading import Picture, Sheet, flag, money, text
from catalog.importing import questions
from catalog.importing.parsing import join
from catalog.importing.till import AMOUNTS, TEXTS
from catalog.importing.till_facts import FACTS, RELATED, TRANSLATED
from catalog.models import Attribute, Option, StockLocation, Variant
from shop.core.models.wording import other_languages

OPTION_PARTS = ["name", "must_choose", "values", "colors"]
PRODUCT = [
    "slug", "name", "status", *TEXTS, "tax_class", "position", *FACTS, *RELATED, "categories", "photos", "photo_texts",
]  # fmt: skip
VARIANT = [
    "sku", "ean", "variant_position", "price", "compare_at_price", "cost", "floor_price", "currency", "weight_g",
    "width_mm", "height_mm", "depth_mm", "low_stock_at", "on_sale", *AMOUNTS, "variant_photos",
]  # fmt: skip


class _Shape:
    """The columns that depend on the shop: as many options as its richest product has, every attribute, every place."""

    def __init__(self) -> None:
        most = (
            Option.objects.values("product")
            .annotate(n=Count("pk"))
            .order_by("-n")
            .values_list("n", flat=True)
        )
        self.options = range(1, (most.first() or 0) + 1)
        self.translations = [(name, language) for language in other_languages() for name in TRANSLATED]
        self.attributes = list(Attribute.objects.order_by("code").values_list("code", flat=True))
        self.places = list(StockLocation.objects.order_by("code").values_list("code", flat=True))

    @property
    def header(self) -> list[str]:
        return [
            *PRODUCT,
            *(f"{name}:{language}" for name, language in self.translations),
            *(f"option{number}_{part}" for number in self.options for part in OPTION_PARTS),
            *(f"attribute:{code}" for code in self.attributes),
            *(f"option{number}_value" for number in self.options),
            *VARIANT,
            *(f"stock:{code}" for code in self.places),
        ]


def table(sheets: Iterable[Sheet]) -> Iterator[list]:
    shape = _Shape()
    yield shape.header
    for sheet in sheets:
        product = [
            *_product(sheet),
            *_translations(sheet, shape),
            *_options(sheet, shape),
            *_attributes(sheet, shape),
        ]
        blank = [sheet.product.slug, *([""] * (len(product) - 1))]
        none = [""] * (len(shape.header) - len(product))
        if not sheet.variants:
            yield [*product, *none]
        for number, variant in enumerate(sheet.variants):
            yield [*(product if number == 0 else blank), *_variant(sheet, variant, shape)]


def _product(sheet: Sheet) -> list[str]:
    product = sheet.product
    return [
        product.slug,
        text(product.name),
        product.status,
        *(text(getattr(product, name)) for name in TEXTS),
        product.tax_class,
        str(product.position),
        *_facts(sheet),
        *(join(sheet.related[kind]) for kind in RELATED.values()),
        text(join(sheet.branches)),
        _urls(sheet.photos),
        text(join(photo.alt for photo in sheet.photos)) if any(photo.alt for photo in sheet.photos) else "",
    ]


def _facts(sheet: Sheet) -> Iterator[str]:
    product = sheet.product
    yield text(product.type.name if product.type else "")
    yield product.kind
    yield product.seller.slug if product.seller else ""
    yield from (
        str(number) for number in (product.made_in_days, product.download_limit, product.download_days)
    )
    yield flag(product.is_personal)
    yield from (moment.isoformat() if moment else "" for moment in (product.publish_at, product.retire_at))
    yield questions.write(sheet.questions)


def _translations(sheet: Sheet, shape: _Shape) -> list[str]:
    texts = sheet.product.texts
    return [text(texts.get(language, {}).get(name, "")) for name, language in shape.translations]


def _urls(photos: Iterable[Picture]) -> str:
    return join(photo.url for photo in photos)


def _options(sheet: Sheet, shape: _Shape) -> Iterator[str]:
    for number in shape.options:
        if number > len(sheet.options):
            yield from [""] * len(OPTION_PARTS)
            continue
        option = sheet.options[number - 1]
        values = sheet.values[option.pk]
        yield text(option.name)
        yield flag(option.must_choose)
        yield text(join(value.name for value in values))
        yield join(value.color for value in values) if any(value.color for value in values) else ""


def _attributes(sheet: Sheet, shape: _Shape) -> list[str]:
    return [text(join(sheet.attributes.get(code, ()))) for code in shape.attributes]


def _variant(sheet: Sheet, variant: Variant, shape: _Shape) -> list[str]:
    chosen = [sheet.choices[variant.pk].get(option.pk, "") for option in sheet.options]
    prices = (variant.price_minor, variant.compare_at_minor, variant.cost_minor, variant.floor_minor)
    sides = (variant.weight_g, variant.width_mm, variant.height_mm, variant.depth_mm)
    return [
        *(text(chosen[number - 1]) if number <= len(chosen) else "" for number in shape.options),
        text(variant.sku),
        text(variant.ean13),
        str(variant.position),
        *(money(price, variant.currency) for price in prices),
        variant.currency,
        *("" if side is None else str(side) for side in sides),
        str(variant.low_stock_at),
        flag(variant.is_active),
        *_amounts(sheet, variant),
        _urls(photo for photo in sheet.photos if variant.pk in photo.variants),
        *(str(sheet.stock[variant.pk].get(code, "")) for code in shape.places),
    ]


def _amounts(sheet: Sheet, variant: Variant) -> list[str]:
    amount = variant.content_amount
    return [
        str(variant.min_quantity),
        "" if variant.max_quantity is None else str(variant.max_quantity),
        str(variant.quantity_step),
        "" if amount is None else f"{amount.normalize():f}",
        variant.content_unit,
        "" if variant.percent_off_parts is None else str(variant.percent_off_parts),
        variant.shipping_class,
        text(join(f"{pieces} × {sku}" for sku, pieces in sheet.parts[variant.pk])),
    ]
