"""All combinations of a product's choices as variants: those that are missing are made, those that exist stay as they are.

A new one takes price, weight and whatever else can be said of it from the product's first variant. A product that was sold
without a choice so far keeps its one variant, with its SKU and stock: it becomes the first combination.
"""

import re
from itertools import product as combinations
from math import prod
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from catalog.models import OptionValue, Product, Variant
from catalog.prices.noting import note_prices
from catalog.products import varying
from catalog.products.duplicating import free_sku
from shop.core import events
from shop.core.errors import Refused

MOST = 100
ITS_OWN = {"id", "product", "sku", "ean13", "title", "position"}


class TooMany(Refused):
    """More combinations than anybody could keep in order."""


class NothingToCombine(Refused):
    """There are no choices, or no variant to take the price from."""


@transaction.atomic
def combine(product: Product, *, by: Any = None) -> int:
    """Make the missing variants; returns how many. Raises TooMany, NothingToCombine."""
    wanted = _wanted(product)
    variants = list(product.variants.prefetch_related("values"))
    if not variants:
        raise NothingToCombine(_("Add one variant with its price first: the others take it from there."))
    known = {frozenset(value.pk for value in variant.values.all()): variant for variant in variants}
    missing = [values for values in wanted if frozenset(value.pk for value in values) not in known]
    if missing and (plain := known.get(frozenset())):
        plain.values.set(missing.pop(0))
    for place, values in enumerate(missing, start=len(variants)):
        _make(variants[0], values, place)
    varying.name_variants(product)
    varying.open_shelves(product)
    note_prices(product.variants.values_list("pk", flat=True))
    events.record("product.changed", product, by=by)
    return len(missing)


def _wanted(product: Product) -> list[tuple[OptionValue, ...]]:
    """Every combination, in the order of options and values."""
    lists = [list(option.values.all()) for option in product.options.prefetch_related("values")]
    lists = [values for values in lists if values]
    if not lists:
        raise NothingToCombine(_("Add a choice with its values first."))
    if (number := prod(len(values) for values in lists)) > MOST:
        raise TooMany(
            _("These choices make %(count)s combinations; %(most)s are possible.")
            % {"count": number, "most": MOST}
        )
    return list(combinations(*lists))


def _make(like: Variant, values: tuple[OptionValue, ...], place: int) -> None:
    said = {
        field.attname: getattr(like, field.attname)
        for field in Variant._meta.concrete_fields
        if field.name not in ITS_OWN
    }
    made = Variant.objects.create(
        product_id=like.product_id, sku=_sku(like, values), position=place, **said | {"is_active": True}
    )
    made.values.set(values)


def _sku(like: Variant, values: tuple[OptionValue, ...]) -> str:
    """The product's address in capitals, and the first letters of each value."""
    stem = re.sub(r"[^A-Z0-9]", "", like.product.slug.upper())[:12] or "SKU"
    parts = [slugify(value.name).replace("-", "").upper()[:5] or str(value.position + 1) for value in values]
    return free_sku("-".join([stem, *parts])[:40])
