"""Goods on the shelf: they come in, come back, are counted and put right. What is promised to customers stays untouched.

Part of catalog.stock, which is where callers import it from.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.ledger import Change, OutOfStock, apply, locked
from catalog.models import Movement, StockItem, StockLocation, Variant


@transaction.atomic
def lock_shelves(variants: Iterable[int]) -> None:
    """For a transaction that restocks or adjusts several variants: lock them all first, in the one order."""
    locked(Q(variant__in=list(variants)))


@transaction.atomic
def receive(
    variant: Variant,
    *,
    location: StockLocation,
    quantity: int,
    reference: str = "",
    reason: str = "",
    by: Any = None,
) -> StockItem:
    """Goods come in and can be sold."""
    return _bring_in(variant, location, quantity, Movement.Kind.RECEIVE, reference, reason, by)


@transaction.atomic
def stock_up(
    quantities: Mapping[int, int], *, location: StockLocation, reason: str = "", by: Any = None
) -> None:
    """Receive {variant id: pieces} at once, in a constant number of queries.

    For the first stock of products that are not listed yet: lists are not told.
    """
    if any(pieces <= 0 for pieces in quantities.values()):
        raise ValueError("what comes in is at least one piece")
    StockItem.objects.bulk_create(
        [StockItem(variant_id=variant, location=location) for variant in quantities], ignore_conflicts=True
    )
    items = locked(Q(variant__in=list(quantities), location=location))
    changes = {item.pk: Change(on_hand=quantities[item.variant_id]) for item in items.values()}
    apply(items, changes, kind=Movement.Kind.RECEIVE, reason=reason, by=by, tells=False)


@transaction.atomic
def restock(
    variant: Variant, *, location: StockLocation, quantity: int, reference: str, by: Any = None
) -> StockItem:
    """Returned goods go back on the shelf."""
    return _bring_in(variant, location, quantity, Movement.Kind.RESTOCK, reference, "", by)


@transaction.atomic
def adjust(
    item: StockItem, *, delta: int, reason: str, by: Any = None, kind: str = Movement.Kind.ADJUST
) -> None:
    """Add or take away `delta` pieces, with a reason. Raises OutOfStock below what is promised already."""
    items = locked(Q(pk=item.pk))
    _check_promises(items[item.pk], delta)
    apply(items, {item.pk: Change(on_hand=delta)}, kind=kind, reason=reason, by=by)
    item.refresh_from_db()


@transaction.atomic
def count(item: StockItem, *, counted: int, reason: str = "", by: Any = None) -> None:
    """Somebody counted the shelf: what differs is booked. Raises OutOfStock below what is promised already."""
    on_hand = locked(Q(pk=item.pk))[item.pk].on_hand
    adjust(item, delta=counted - on_hand, reason=reason or "count", by=by, kind=Movement.Kind.COUNT)


def _bring_in(
    variant: Variant,
    location: StockLocation,
    quantity: int,
    kind: str,
    reference: str,
    reason: str,
    by: Any,
) -> StockItem:
    if quantity <= 0:
        raise ValueError("what comes in is at least one piece")
    item, _made = StockItem.objects.get_or_create(variant=variant, location=location)
    change = {item.pk: Change(on_hand=quantity)}
    apply(locked(Q(pk=item.pk)), change, kind=kind, reference=reference, reason=reason, by=by)
    item.refresh_from_db()
    return item


def _check_promises(item: StockItem, delta: int) -> None:
    if item.on_hand + delta < item.reserved:
        raise OutOfStock(
            _("%(count)s pieces are promised to customers; on hand cannot go below that.")
            % {"count": item.reserved},
            short={item.variant_id: item.available},
        )
