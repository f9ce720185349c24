"""Goods on the shelf: they come in, come back, are counted and put right. What is promised to customers stays untouched.

What a seller types is booked once for each form he was shown (`once`), however often it is sent: the ledger remembers the
forms, and the shelf is locked before it is asked. That holds for a count too, for sent again later it would undo sales.

Part of catalog.stock, which is where callers import it from.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalog import preordering
from catalog.ledger import Change, OutOfStock, apply, locked, open_with
from catalog.models import Movement, StockItem, StockLocation, Variant
from shop.core.remarks import Remark

COUNTED = Remark(gettext_noop("count"))


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
    once: UUID | None = None,
    by: Any = None,
) -> StockItem:
    """Goods come in: first for those who wait for them, then to be sold. What was expected elsewhere is expected here."""
    preordering.bring_together(variant, location=location)
    return _bring_in(variant, location, quantity, Movement.Kind.RECEIVE, reference, reason, once, by)


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
    return _bring_in(variant, location, quantity, Movement.Kind.RESTOCK, reference, "", None, by)


@transaction.atomic
def adjust(
    item: StockItem,
    *,
    delta: int,
    reason: str,
    once: UUID | None = None,
    kind: str = Movement.Kind.ADJUST,
    by: Any = None,
) -> None:
    """Add or take away `delta` pieces, with a reason. Raises OutOfStock below what is promised already."""
    items = locked(Q(pk=item.pk))
    if not _is_booked(item, once):
        _check_promises(items[item.pk], delta)
        apply(items, {item.pk: Change(on_hand=delta)}, kind=kind, reason=reason, once=once, by=by)
    item.refresh_from_db()


@transaction.atomic
def count(
    item: StockItem, *, counted: int, reason: str = "", once: UUID | None = None, by: Any = None
) -> None:
    """Somebody counted the shelf: what differs is booked. Raises OutOfStock below what is promised already."""
    on_hand = locked(Q(pk=item.pk))[item.pk].on_hand
    adjust(
        item, delta=counted - on_hand, reason=reason or COUNTED(), once=once, kind=Movement.Kind.COUNT, by=by
    )


@transaction.atomic
def count_all(counted: Mapping[tuple[int, int], int], *, reason: str, by: Any = None) -> None:
    """{(variant id, place id): pieces} were counted: what differs is booked, in a constant number of queries.

    Shelves that are missing are put up, and lists are told of what turns. Raises OutOfStock where more is promised; nothing
    is changed then.
    """
    shelves = [StockItem(variant_id=variant, location_id=place) for variant, place in counted]
    StockItem.objects.bulk_create(shelves, ignore_conflicts=True)
    variants, places = {variant for variant, _place in counted}, {place for _variant, place in counted}
    found = locked(Q(variant__in=variants, location__in=places)).values()
    items = {item.pk: item for item in found if (item.variant_id, item.location_id) in counted}
    changes = {
        pk: Change(on_hand=counted[item.variant_id, item.location_id] - item.on_hand)
        for pk, item in items.items()
    }
    for pk, item in items.items():
        _check_promises(item, changes[pk].on_hand)
    apply(items, changes, kind=Movement.Kind.COUNT, reason=reason, by=by)


@transaction.atomic
def open_shelves(counted: Mapping[tuple[int, int], int], *, reason: str, by: Any = None) -> None:
    """{(variant id, place id): pieces} of goods made in this very transaction: nobody else knows of them, and no list
    shows them yet, so there is nothing to lock and nobody to tell."""
    open_with(counted, kind=Movement.Kind.COUNT, reason=reason, by=by)


def _bring_in(
    variant: Variant,
    location: StockLocation,
    quantity: int,
    kind: str,
    reference: str,
    reason: str,
    once: UUID | None,
    by: Any,
) -> StockItem:
    if quantity <= 0:
        raise ValueError("what comes in is at least one piece")
    item, _made = StockItem.objects.get_or_create(variant=variant, location=location)
    items = locked(Q(pk=item.pk))
    if not _is_booked(item, once):
        change = {item.pk: Change(on_hand=quantity)}
        apply(items, change, kind=kind, reference=reference, reason=reason, once=once, by=by)
    item.refresh_from_db()
    return item


def _is_booked(item: StockItem, once: UUID | None) -> bool:
    """Whether this form was booked before. The shelf is locked, so nobody else books it now."""
    return once is not None and item.movements.filter(once=once).exists()


def _check_promises(item: StockItem, delta: int) -> None:
    if delta < 0 and item.on_hand + delta < item.reserved:
        raise OutOfStock(
            _("%(count)s pieces are promised to customers; on hand cannot go below that.")
            % {"count": item.reserved},
            short={item.variant_id: item.available},
        )
