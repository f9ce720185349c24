"""A product made after another one: a draft of its own with the same words, choices and prices.

What belongs to the old one alone stays there: its place in the shop, its reviews and questions, its stock, the days on
which it was to appear. The pictures are shown by both; a file goes when nobody shows it any more.
"""

from itertools import count
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from catalog.models import Photo, Product, Variant
from catalog.prices.noting import note_prices
from catalog.products import bundling, varying
from shop.core import events

OWN = {"id", "slug", "name", "status", "published_at", "publish_at", "retire_at", "created_at", "updated_at"}


@transaction.atomic
def duplicate(product: Product, *, by: Any = None) -> Product:
    """A draft that is `product` in everything but its name, its address and its SKUs."""
    name = _("%(name)s (copy)") % {"name": product.name[:140]}
    made = Product.objects.create(name=name[:150], slug=_free_slug(product.slug), **_same(product, OWN))
    made.categories.set(product.categories.all())
    made.attributes.bulk_create(_copies(product.attributes.all(), product=made))
    made.custom_fields.bulk_create(_copies(product.custom_fields.all(), product=made))
    made.related.bulk_create(_copies(product.related.all(), product=made))
    values = _copy_options(product, made)
    variants = _copy_variants(product, made, values)
    _copy_photos(product, made, variants)
    _copy_parts(product, variants, by=by)
    varying.open_shelves(made)
    note_prices(variants.values())
    events.record("product.changed", made, by=by)
    return made


def _same(row: models.Model, own: set[str]) -> dict[str, Any]:
    """Its columns, but for those that are its own."""
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in own
    }


def _copies(rows: Any, **over: Any) -> list[Any]:
    return [type(row)(**_same(row, {"id", *over}), **over) for row in rows]


def _copy_options(product: Product, made: Product) -> dict[int, int]:
    """{value of the old one: its copy}."""
    found = {}
    for option in product.options.prefetch_related("values"):
        (fresh,) = _copies([option], product=made)
        fresh.save()
        for value in option.values.all():
            (copy,) = _copies([value], option=fresh)
            copy.save()
            found[value.pk] = copy.pk
    return found


def _copy_variants(product: Product, made: Product, values: dict[int, int]) -> dict[int, int]:
    """{variant of the old one: its copy}."""
    found = {}
    for variant in product.variants.prefetch_related("values"):
        (fresh,) = _copies([variant], product=made, sku=free_sku(f"{variant.sku[:32]}-COPY"), ean13="")
        fresh.save()
        fresh.values.set(values[value.pk] for value in variant.values.all())
        found[variant.pk] = fresh.pk
    return found


def _copy_parts(product: Product, variants: dict[int, int], *, by: Any) -> None:
    """What a set consists of."""
    fresh = Variant.objects.in_bulk(variants.values())
    for variant in product.variants.prefetch_related("parts"):
        if parts := {part.component_id: part.quantity for part in variant.parts.all()}:
            bundling.set_parts(fresh[variants[variant.pk]], parts=parts, by=by)


def _copy_photos(product: Product, made: Product, variants: dict[int, int]) -> None:
    for photo in product.photos.prefetch_related("variants"):
        fresh = Photo(**_same(photo, {"id", "product"}), product=made)
        fresh.save()
        fresh.variants.set(variants[variant.pk] for variant in photo.variants.all())


def _free_slug(slug: str) -> str:
    for number in count(1):
        wanted = f"{slug[:135]}-copy" if number == 1 else f"{slug[:135]}-copy-{number}"
        if not Product.objects.filter(slug=wanted).exists():
            return wanted
    raise AssertionError("numbers do not end")


def free_sku(wanted: str) -> str:
    """`wanted`, with a number behind it if somebody has it."""
    for number in count(1):
        sku = wanted if number == 1 else f"{wanted[:36]}-{number}"
        if not Variant.objects.filter(sku=sku).exists():
            return sku
    raise AssertionError("numbers do not end")
