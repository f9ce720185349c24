"""What is told to merchants' accounts elsewhere: every variant on sale, as anonymous visitors see it in one language.

Read in portions by product number, so that a million products need no more memory than five hundred. Drafts, retired
products and what has no price in the shop's currency are never told. What costs nothing or has no picture is refused by
all takers: it is left out and counted.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from catalog.finding.gathering import Facts, gather
from catalog.models import Product, ProductSearch, Variant
from catalog.photos.pictures import Picture
from catalog.prices.reading import period_of
from catalog.seo import is_public_ean, property_of
from catalog.translating import named, said_title
from shop.core.http import absolute
from shop.core.models import Shop
from shop.core.models.translated import told
from shop.core.money import Money
from shop.core.wording import said

BATCH = 500
PICTURES = 10  # beside the first: as many as Google reads


@dataclass(frozen=True)
class Item:
    """One variant. `sale` is what it costs while it is reduced; `price` is then the former price."""

    sku: str
    group: str  # the product's number where it has several variants
    title: str
    description: str
    url: str
    pictures: list[str]  # at least one
    price: Money
    sale: Money | None
    sale_from: datetime | None
    sale_until: datetime | None
    is_available: bool
    ships_by: date | None  # of what can be preordered
    brand: str
    gtin: str
    path: list[str]  # of the category
    weight_g: int
    content: tuple[Decimal, str] | None = (
        None  # what the price buys: amount and unit of catalog/products/unit_pricing
    )
    is_set: bool = False
    properties: dict[str, str] = field(default_factory=dict)  # color, size, material, pattern


def items(left_out: Counter[str]) -> Iterator[list[Item]]:
    """Portion by portion, in the active language; counts in `left_out` what was "without_picture", "without_price"."""
    shop, last = Shop.current(), 0
    while rows := _next(last):
        last = max(rows)
        facts = [fact for fact in gather(rows) if fact.product.status == Product.Status.ACTIVE]
        chosen, found = _chosen(facts), []
        for fact in sorted(facts, key=lambda fact: fact.product.pk):
            for variant in sorted(fact.variants, key=lambda one: (one.position, one.pk)):
                if reason := _lacks(fact, variant):
                    left_out[reason] += 1
                else:
                    found.append(_item(fact, variant, rows[fact.product.pk], shop, chosen))
        yield found


def _next(last: int) -> dict[int, list[dict[str, Any]]]:
    """{product: its breadcrumbs} of the next portion."""
    rows = ProductSearch.objects.filter(is_listed=True, pk__gt=last).order_by("pk")
    return {pk: crumbs or [] for pk, crumbs in rows.values_list("pk", "page__crumbs")[:BATCH]}


def _lacks(fact: Facts, variant: Variant) -> str:
    if not fact.prices[variant.pk].amount.minor:
        return "without_price"
    return "" if fact.photos else "without_picture"


def _chosen(facts: list[Facts]) -> dict[int, set[int]]:
    """{variant: the values of its choices}"""
    links = Variant.values.through.objects.filter(
        variant__in=[one.pk for fact in facts for one in fact.variants]
    )
    found: dict[int, set[int]] = {}
    for variant, value in links.values_list("variant_id", "optionvalue_id"):
        found.setdefault(variant, set()).add(value)
    return found


def _item(fact: Facts, variant: Variant, crumbs: list[dict], shop: Shop, chosen: dict[int, set[int]]) -> Item:
    product, price = told(fact.product), fact.prices[variant.pk]
    variant.product = product  # its address names it: no query
    variant.title = said_title(variant.title)
    starts_at, ends_at = period_of(price.list_id)
    photos = sorted(fact.photos, key=lambda photo: variant.pk not in photo["variants"])
    pictures = [picture for photo in photos[: PICTURES + 1] if (picture := Picture.from_json(photo))]
    return Item(
        sku=variant.sku,
        group=str(product.pk) if len(fact.variants) > 1 else "",
        title=variant.full_name,
        description=product.description or product.short_description or variant.full_name,
        url=absolute(variant.get_absolute_url()),
        pictures=[absolute(picture.src) for picture in pictures],
        price=price.compare_at or price.amount,
        sale=price.amount if price.compare_at else None,
        sale_from=starts_at,
        sale_until=ends_at if price.compare_at else None,
        is_available=fact.available[variant.pk] > 0,
        ships_by=fact.preorders.get(variant.pk),
        brand=product.brand or shop.name,
        gtin=variant.ean13 if is_public_ean(variant.ean13) else "",
        path=[named(crumb["name"], crumb.get("names", {})) for crumb in crumbs],
        weight_g=variant.weight_g,
        content=_content(variant),
        is_set=product.kind == Product.Kind.BUNDLE,
        properties=_properties(fact, chosen.get(variant.pk, set())),
    )


def _content(variant: Variant) -> tuple[Decimal, str] | None:
    return (variant.content_amount, variant.content_unit) if variant.content_amount else None


def _properties(fact: Facts, chosen: set[int]) -> dict[str, str]:
    """What the variant's choices say, under the names that the takers know."""
    found = {}
    for option in fact.options:
        value = next((value["name"] for value in option["values"] if value["id"] in chosen), "")
        if value and (name := property_of(option["name"])):
            found[name] = said(value)
    return found
