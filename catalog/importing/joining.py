"""What points to other products of the file is joined when all of them are here: related products, the parts of sets, and
the sets that could not go on sale without them.

Each product's part is taken off its item in the transaction that joins it, so whoever goes on with an interrupted run
joins the rest. What cannot be joined is told on the item, in words; the product itself stays.
"""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from catalog import publishing
from catalog.models import ImportItem, ImportRun, Product, Related, Variant
from catalog.products import bundling
from shop.core.errors import Refused
from shop.core.locks import lock

CHUNK = 100


def waiting(run: ImportRun) -> QuerySet[ImportItem]:
    if run.status != ImportRun.Status.IMPORTING:
        return run.items.none()
    return run.items.exclude(later={}).order_by("number")


@transaction.atomic
def join_some(run: ImportRun) -> int:
    """The next few; how many there were."""
    held = lock(ImportRun.objects.select_related("started_by").filter(pk=run.pk)).get()
    items = list(waiting(held).select_related("product")[:CHUNK])
    if not items:
        return 0
    known = _Known(items, seller=held.seller_id)
    for item in items:
        if item.product is not None:
            _join(item, item.product, known, by=held.started_by)
        item.later, item.is_shown = {}, False
        item.save(update_fields=["later", "is_shown", "problems"])
    return len(items)


class _Known:
    """Products and variants by what the items call them; of a seller's file, the seller's own."""

    def __init__(self, items: list[ImportItem], *, seller: int | None) -> None:
        slugs = {slug for item in items for group in item.later.get("related", {}).values() for slug in group}
        skus = {sku for item in items for own in item.later.get("parts", {}) for sku in [own]}
        skus |= {sku for item in items for parts in item.later.get("parts", {}).values() for sku, _n in parts}
        mine = {} if seller is None else {"seller": seller}
        self.products = dict(Product.objects.filter(slug__in=slugs, **mine).values_list("slug", "pk"))
        self.variants = {
            one.sku: one for one in Variant.objects.filter(sku__in=skus).select_related("product")
        }


def _join(item: ImportItem, product: Product, known: _Known, *, by: Any) -> None:
    for kind, slugs in item.later.get("related", {}).items():
        missing = [slug for slug in slugs if slug not in known.products]
        if missing:
            _tell(
                item, _("There is no product “%(slug)s” to go with it.") % {"slug": ", ".join(missing)[:200]}
            )
        _relate(product, kind, [known.products[slug] for slug in slugs if slug in known.products])
    for sku, parts in item.later.get("parts", {}).items():
        _put_together(item, sku, parts, known, by=by)
    if item.later.get("publish"):
        try:
            with transaction.atomic():
                publishing.publish(product, by=by)
        except Refused as refusal:
            _tell(item, refusal.message)


def _relate(product: Product, kind: str, others: list[int]) -> None:
    product.related.filter(kind=kind).exclude(other__in=others).delete()
    Related.objects.bulk_create(
        [Related(product=product, other_id=pk, kind=kind, position=n) for n, pk in enumerate(others)],
        update_conflicts=True,
        unique_fields=["product", "kind", "other"],
        update_fields=["position"],
    )


def _put_together(item: ImportItem, sku: str, parts: list, known: _Known, *, by: Any) -> None:
    missing = [part for part, _pieces in parts if part not in known.variants]
    if missing or sku not in known.variants:
        _tell(
            item, _("There is no variant %(skus)s to make up the set.") % {"skus": ", ".join(missing)[:200]}
        )
        return
    try:
        with transaction.atomic():
            pieces = {known.variants[part].pk: number for part, number in parts}
            bundling.set_parts(known.variants[sku], parts=pieces, by=by)
    except Refused as refusal:
        _tell(item, refusal.message)


def _tell(item: ImportItem, message: str) -> None:
    item.problems = [*item.problems, [item.line, "", message, False]]
