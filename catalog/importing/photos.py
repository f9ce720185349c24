"""Pictures that a file names by their addresses are asked for here and fetched by workers (catalog/photos/collecting.py)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from catalog.importing.plans import Plan
from catalog.importing.records import PhotoRecord
from catalog.models import PhotoImport
from shop.core import events


def addresses(product_ids: Iterable[int]) -> dict[int, set[str]]:
    """{product: what was asked for already}."""
    found: dict[int, set[str]] = defaultdict(set)
    for product, url in PhotoImport.objects.filter(product__in=list(product_ids)).values_list(
        "product_id", "url"
    ):
        found[product].add(url)
    return found


def ask_for(plans: Iterable[Plan], *, by: Any = None) -> None:
    """Every picture once for each product, in a constant number of queries."""
    wanted = {
        (plan.product.pk, photo.url): (plan, photo, position)
        for plan in plans
        for position, photo in enumerate(plan.record.photos)
        if photo in plan.photos
    }
    if not wanted:
        return
    rows = PhotoImport.objects.bulk_create(
        PhotoImport(product_id=product, url=url, alt=(photo.alt or "")[:300], position=position)
        for (product, url), (_plan, photo, position) in wanted.items()
    )
    links = [
        PhotoImport.variants.through(photoimport_id=row.pk, variant_id=variant)
        for row in rows
        for variant in _shown(*wanted[row.product_id, row.url][:2])
    ]
    PhotoImport.variants.through.objects.bulk_create(links)
    events.record_many("photo_import.requested", [(row, {}) for row in rows], by=by)


def _shown(plan: Plan, photo: PhotoRecord) -> list[int]:
    pks = {planned.record.sku: planned.variant.pk for planned in plan.variants}
    return [pks[sku] for sku in dict.fromkeys(photo.skus) if sku in pks]
