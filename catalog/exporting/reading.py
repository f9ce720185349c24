"""Everything that a table says of a product, read for some hundreds at a time: memory and queries stay flat."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import QuerySet

from catalog.models import (
    BundlePart,
    Category,
    CustomField,
    Option,
    OptionValue,
    Photo,
    Product,
    ProductAttribute,
    Related,
    StockItem,
    Variant,
)
from shop.core.csvio import neutralise
from shop.core.currency import exponent

BATCH = 500


@dataclass
class Picture:
    url: str
    alt: str
    variants: set[int] = field(default_factory=set)


@dataclass
class Sheet:
    """One product, whole."""

    product: Product
    branches: list[str] = field(default_factory=list)  # "Home > Kitchen"
    options: list[Option] = field(default_factory=list)
    values: dict[int, list[OptionValue]] = field(default_factory=lambda: defaultdict(list))  # of an option
    variants: list[Variant] = field(default_factory=list)
    choices: dict[int, dict[int, str]] = field(
        default_factory=lambda: defaultdict(dict)
    )  # variant: {option: value}
    attributes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # by code
    names: dict[str, str] = field(default_factory=dict)  # of attributes, by code
    photos: list[Picture] = field(default_factory=list)
    questions: list[CustomField] = field(default_factory=list)
    related: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # slugs, by kind
    parts: dict[int, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))  # of a set
    stock: dict[int, dict[str, int]] = field(
        default_factory=lambda: defaultdict(dict)
    )  # variant: {place: on hand}

    def on_hand(self, variant: Variant) -> int | str:
        """Everywhere together; empty if it was never stocked."""
        return sum(self.stock[variant.pk].values()) if self.stock[variant.pk] else ""


def sheets(products: QuerySet[Product]) -> Iterator[Sheet]:
    """In the order of their keys."""
    last, tree = 0, _tree()
    products = products.select_related("type", "seller")
    while batch := list(products.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        yield from _filled({product.pk: Sheet(product) for product in batch}, tree)


def money(minor: int | None, currency: str) -> str:
    return "" if minor is None else f"{Decimal(minor).scaleb(-exponent(currency)):f}"


def text(value: Any) -> str:
    """What people typed, as a cell that no spreadsheet runs."""
    return neutralise(str(value))


def flag(value: bool) -> str:
    return "1" if value else "0"


def _tree() -> dict[int, str]:
    names: dict[str, str] = {}
    found = {}
    for pk, path, name in Category.objects.order_by("path").values_list("pk", "path", "name"):
        above = names.get(path[: -Category.steplen], "")
        names[path] = found[pk] = f"{above} > {name}" if above else name
    return found


def _filled(found: dict[int, Sheet], tree: dict[int, str]) -> Iterator[Sheet]:
    for option in Option.objects.filter(product__in=found).order_by("position", "pk"):
        found[option.product_id].options.append(option)
    for value in (
        OptionValue.objects.filter(option__product__in=found)
        .select_related("option")
        .order_by("position", "pk")
    ):
        found[value.option.product_id].values[value.option_id].append(value)
    owners = {}
    for variant in Variant.objects.filter(product__in=found).order_by("position", "pk"):
        found[variant.product_id].variants.append(variant)
        owners[variant.pk] = found[variant.product_id]
    _fill_choices(owners)
    _fill_facts(found, tree)
    _fill_photos(found)
    _fill_company(found, owners)
    for item in (
        StockItem.objects.filter(variant__in=owners).select_related("location").order_by("location", "pk")
    ):
        owners[item.variant_id].stock[item.variant_id][item.location.code] = item.on_hand
    return iter(found.values())


def _fill_choices(owners: dict[int, Sheet]) -> None:
    links = Variant.values.through.objects.filter(variant__in=owners).select_related("optionvalue")
    for link in links:
        owners[link.variant_id].choices[link.variant_id][link.optionvalue.option_id] = link.optionvalue.name


def _fill_facts(found: dict[int, Sheet], tree: dict[int, str]) -> None:
    links = Product.categories.through.objects.filter(product__in=found)
    for product, category in links.values_list("product_id", "category_id"):
        found[product].branches.append(tree[category])
    for sheet in found.values():
        sheet.branches.sort()  # by name: the same wherever the branches hang
    for row in (
        ProductAttribute.objects.filter(product__in=found)
        .select_related("attribute", "choice")
        .order_by("position", "pk")
    ):
        sheet = found[row.product_id]
        sheet.attributes[row.attribute.code].append(row.plain)
        sheet.names[row.attribute.code] = row.attribute.name


def _fill_company(found: dict[int, Sheet], owners: dict[int, Sheet]) -> None:
    """What the buyer is asked, and which products it points to."""
    for question in CustomField.objects.filter(product__in=found).order_by("position", "pk"):
        found[question.product_id].questions.append(question)
    related = Related.objects.filter(product__in=found).order_by("kind", "position", "pk")
    for product, kind, slug in related.values_list("product_id", "kind", "other__slug"):
        found[product].related[kind].append(slug)
    parts = BundlePart.objects.filter(bundle__in=owners).order_by("position", "pk")
    for bundle, sku, pieces in parts.values_list("bundle_id", "component__sku", "quantity"):
        owners[bundle].parts[bundle].append((sku, pieces))


def _fill_photos(found: dict[int, Sheet]) -> None:
    pictures = {}
    for photo in Photo.objects.filter(product__in=found).order_by("position", "pk"):
        assert photo.product_id is not None  # asked for by product
        url = default_storage.url(str(photo.file.name))
        pictures[photo.pk] = Picture(url if "://" in url else settings.SHOP_URL + url, photo.alt)
        found[photo.product_id].photos.append(pictures[photo.pk])
    links = Photo.variants.through.objects.filter(photo__in=pictures)
    for photo_id, variant in links.values_list("photo_id", "variant_id"):
        pictures[photo_id].variants.add(variant)
