"""Sets: a variant that consists of pieces of other variants, sold together for one price.

A set has no stock of its own; what it takes are its parts (catalog/products/taking.py), so it is there as long as the
scarcest of them allows. A set is never part of a set, and what takes no stock is none either. Its price is its own, or
follows the own prices of its parts less a percentage; then it is written whenever one of them changes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from catalog.models import BundlePart, Product, Variant
from catalog.translating import said_title
from shop.core import events
from shop.core.errors import Refused
from shop.core.models import told
from shop.core.money import round_half_up

LOCK = 7311  # of the advisory locks: what sets consist of changes one at a time


class NotASet(Refused):
    """These variants cannot make up this set."""


@dataclass(frozen=True)
class Part:
    """One component as people see it."""

    variant_id: int
    sku: str
    name: str
    choices: str
    quantity: int
    url: str

    @property
    def full_name(self) -> str:
        return f"{self.name}, {self.choices}" if self.choices else self.name


@transaction.atomic
def set_parts(bundle: Variant, *, parts: Mapping[int, int], by: Any = None) -> list[BundlePart]:
    """It consists of {variant id: pieces} from now on, in this order. Raises NotASet; nothing is changed then.

    What is reserved or ordered already keeps the parts that it was promised.
    """
    _one_at_a_time()
    _check(bundle, parts)
    bundle.parts.exclude(component__in=parts).delete()
    BundlePart.objects.bulk_create(
        [
            BundlePart(bundle=bundle, component_id=pk, quantity=pieces, position=n)
            for n, (pk, pieces) in enumerate(parts.items())
        ],
        update_conflicts=True,
        unique_fields=["bundle", "component"],
        update_fields=["quantity", "position"],
    )
    reprice([bundle.pk])
    events.record("product.changed", bundle.product, by=by)
    return list(bundle.parts.all())


@transaction.atomic
def reprice(bundles: Iterable[int]) -> int:
    """Write the prices that follow their parts; returns how many changed."""
    changed = 0
    rows = Variant.objects.filter(pk__in=list(bundles), percent_off_parts__isnull=False)
    for bundle in rows.prefetch_related("parts__component"):
        price = price_of_parts(bundle)
        if price is not None and price != bundle.price_minor:
            was = bundle.compare_at_minor
            keeps = was if was and was > price else None
            Variant.objects.filter(pk=bundle.pk).update(price_minor=price, compare_at_minor=keeps)
            changed += 1
    return changed


def reprice_with(product: Product) -> list[int]:
    """A component may cost something else now: the sets that it is in follow. Returns the ids of their products."""
    sets = Variant.objects.filter(parts__component__product=product)
    reprice(sets.values_list("pk", flat=True))
    return list(sets.values_list("product_id", flat=True).distinct())


def price_of_parts(bundle: Variant) -> int | None:
    """The sum of its parts less its percentage, in minor units; None without parts in its own currency."""
    parts = list(bundle.parts.all())
    if not parts or any(part.component.currency != bundle.currency for part in parts):
        return None
    total = sum(part.component.price_minor * part.quantity for part in parts)
    return round_half_up(Decimal(total) * (100 - (bundle.percent_off_parts or 0)) / 100)


def parts_shown(bundles: Iterable[int]) -> dict[int, list[Part]]:
    """{bundle variant id: its parts, in order}. One query."""
    found: dict[int, list[Part]] = {}
    rows = BundlePart.objects.filter(bundle__in=list(bundles)).select_related("component__product")
    for row in rows:
        variant = row.component
        part = Part(
            variant_id=variant.pk,
            sku=variant.sku,
            name=told(variant.product).name,
            choices=said_title(variant.title),
            quantity=row.quantity,
            url=variant.get_absolute_url() if variant.product.status == Product.Status.ACTIVE else "",
        )
        found.setdefault(row.bundle_id, []).append(part)
    return found


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _check(bundle: Variant, parts: Mapping[int, int]) -> None:
    if bundle.product.kind != Product.Kind.BUNDLE:
        raise NotASet(_("%(name)s is not a set.") % {"name": bundle.full_name})
    if not parts or any(not 1 <= pieces <= 99 for pieces in parts.values()):
        raise NotASet(_("A set consists of at least one variant, 1 to 99 pieces of each."))
    found = Variant.objects.filter(pk__in=list(parts)).select_related("product")
    if len(found) < len(parts):
        raise NotASet(_("One of these variants is no longer there."))
    for variant in found:
        if variant.product.seller_id != bundle.product.seller_id:
            text = _("%(name)s cannot be part of the set: it is sold by somebody else.")
            raise NotASet(text % {"name": variant.full_name})
        if variant.product.kind != Product.Kind.GOODS:
            text = _("%(name)s cannot be part of a set: only goods that are kept in stock can.")
            raise NotASet(text % {"name": variant.full_name})
