"""Stock is promised before it moves: reserved when a checkout starts, the order's once placed, gone when it ships.

available = on hand − reserved. Whoever changes stock first locks all the rows he will touch, in the order of their
primary keys (catalog/ledger.py), so that two buyers of the last piece cannot both win and never wait in a circle. Every
change is a row of the ledger (Movement). Nothing else writes reservations.

Pieces are always those of variants that lie on shelves: of a set, its parts (catalog/products/taking.py says which). Only
`available` is asked about anything that is sold.

`holder` names to whom goods are promised: "checkout:<id>" for some minutes, "order:<id>" until they ship. Calls about the
same holder must not run at the same time: the checkout's or the order's own lock sees to that.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalog.ledger import Change, Items, OutOfStock, apply, locked
from catalog.models import Movement, Reservation, StockItem
from catalog.products.taking import pieces_of, takes_by_id, whole
from catalog.shelving import adjust, count, count_all, lock_shelves, receive, restock, stock_up
from shop.core.faultpoints import faultpoint
from shop.core.locks import lock
from shop.core.remarks import Remark

EXPIRED = Remark(gettext_noop("expired"))

__all__ = [
    "OutOfStock",
    "adjust",
    "available",
    "commit",
    "count",
    "count_all",
    "lock_shelves",
    "on_shelves",
    "promised",
    "receive",
    "release",
    "release_expired",
    "release_some",
    "renew",
    "reserve",
    "restock",
    "ship",
    "stock_up",
]


def available(variants: Iterable[int]) -> dict[int, int]:
    """{variant id: pieces that can be sold}; of a set as many as its parts allow. Two queries."""
    takes = takes_by_id(variants)
    free = on_shelves(pieces_of((wanted, 1) for wanted in takes.values()))
    return {variant: whole(wanted, free) for variant, wanted in takes.items()}


def on_shelves(variants: Iterable[int]) -> dict[int, int]:
    """{variant id: pieces that can be promised}, over all active locations; 0 for those never stocked."""
    variants = list(variants)
    found = (
        StockItem.objects.filter(variant__in=variants, location__is_active=True)
        .values_list("variant")
        .annotate(free=Sum(F("on_hand") - F("reserved")))
        .order_by()
    )
    return dict.fromkeys(variants, 0) | dict(found)


def promised(holder: str) -> dict[int, int]:
    """{variant id: pieces} that are reserved for `holder` now."""
    held = Reservation.objects.filter(holder=holder).values_list("stock_item__variant")
    return dict(held.annotate(pieces=Sum("quantity")).order_by())


@transaction.atomic
def reserve(quantities: Mapping[int, int], *, holder: str, minutes: int) -> list[Reservation]:
    """Promise {variant id: pieces} to `holder` for `minutes`, all or nothing; replaces what it held before.

    Raises OutOfStock, naming every short line at once; nothing is changed then.
    """
    if any(pieces < 0 for pieces in quantities.values()):
        raise ValueError("fewer than no pieces cannot be promised")
    items = locked(Q(variant__in=list(quantities)) | _held_by(holder))
    held = {row.stock_item_id: row.quantity for row in _held(holder)}
    plan = _plan(quantities, items, held)
    wanted = dict.fromkeys(held, 0) | plan
    changes = {item: Change(reserved=pieces - held.get(item, 0)) for item, pieces in wanted.items()}
    apply(items, changes, kind=Movement.Kind.RESERVE, reference=holder)
    _held(holder).exclude(stock_item__in=plan).delete()
    _promise(plan, holder=holder, minutes=minutes)
    faultpoint("reserve.done")
    return list(_held(holder))


@transaction.atomic
def renew(holder: str, *, minutes: int) -> int:
    """Keep the promise for another while; returns how many rows still hold."""
    rows = lock(_held(holder).filter(expires_at__isnull=False))
    return Reservation.objects.filter(pk__in=[row.pk for row in rows]).update(
        expires_at=Now() + timedelta(minutes=minutes)
    )


@transaction.atomic
def commit(holder: str, *, to: str) -> list[Reservation]:
    """The promise passes to an order and no longer expires. Returns all that `to` now holds.

    A promise that ran out and was given back is missing from the answer: `reserve` again, in the same transaction and
    before this, makes sure that nothing is.
    """
    rows = lock(_held(holder))
    Reservation.objects.filter(pk__in=[row.pk for row in rows]).update(holder=to, expires_at=None)
    return list(_held(to).select_related("stock_item"))


@transaction.atomic
def release(holder: str, *, reason: str = "", by: Any = None) -> int:
    """Give everything back that `holder` was promised; returns the pieces."""
    items = locked(_held_by(holder))
    parts = {row: row.quantity for row in _held(holder)}
    _give_back(items, parts, holder=holder, reason=reason, by=by)
    return sum(parts.values())


@transaction.atomic
def release_some(holder: str, *, variant: int, quantity: int, reason: str = "", by: Any = None) -> None:
    """Give back `quantity` pieces of one variant. Raises OutOfStock if fewer are held."""
    items = locked(_held_by(holder))
    parts = _parts(_held(holder, variant=variant), quantity)
    _give_back(items, parts, holder=holder, reason=reason, by=by)


@transaction.atomic
def ship(
    holder: str,
    *,
    variant: int,
    quantity: int,
    location: int | None = None,
    elsewhere: bool = False,
    reference: str = "",
    by: Any = None,
) -> None:
    """Promised pieces leave the house: reserved and on hand fall together. Raises OutOfStock if fewer are held.

    From `location` alone; `elsewhere` takes what is missing there from other places (parts of a set are brought together).
    """
    items = locked(_held_by(holder))
    held = _held(holder, variant=variant)
    if location and elsewhere:
        rows = sorted(
            held.select_related("stock_item"), key=lambda row: row.stock_item.location_id != location
        )
        parts = _parts(rows, quantity)
    else:
        parts = _parts(held.filter(stock_item__location=location) if location else held, quantity)
    changes = {row.stock_item_id: Change(-part, -part) for row, part in parts.items()}
    apply(items, changes, kind=Movement.Kind.SHIP, reference=reference or holder, by=by)
    _lower(parts)


@transaction.atomic
def release_expired(*, limit: int = 200) -> int:
    """Give back what checkouts no longer hold; returns how many promises ended.

    A promise that is renewed or committed meanwhile is left alone.
    """
    expired = Reservation.objects.expired().order_by("expires_at")
    found = dict(expired.values_list("pk", "stock_item")[:limit])
    items = locked(Q(pk__in=set(found.values())))
    ended = list(lock(expired.filter(pk__in=found), skip_locked=True))
    faultpoint("sweeper.before_release")
    for row in ended:
        _give_back(items, {row: row.quantity}, holder=row.holder, reason=EXPIRED(), by=None)
    return len(ended)


def _held_by(holder: str) -> Q:
    return Q(pk__in=Reservation.objects.filter(holder=holder).values("stock_item"))


def _held(holder: str, *, variant: int | None = None) -> QuerySet[Reservation]:
    rows = Reservation.objects.filter(holder=holder).order_by("stock_item_id")
    return rows.filter(stock_item__variant=variant) if variant else rows


def _plan(quantities: Mapping[int, int], items: Items, held: Mapping[int, int]) -> dict[int, int]:
    """{stock item id: pieces}, from the preferred locations first; what is held already counts as free.

    Raises OutOfStock.
    """
    missing, plan = dict(quantities), {}
    for item in sorted(items.values(), key=lambda item: (item.location.preference, item.pk)):
        free = item.available + held.get(item.pk, 0) if item.location.is_active else 0
        if part := min(free, missing.get(item.variant_id, 0)):
            plan[item.pk] = part
            missing[item.variant_id] -= part
    short = {variant: quantities[variant] - pieces for variant, pieces in missing.items() if pieces > 0}
    if short:
        raise OutOfStock(_("Some of it was sold a moment ago."), short=short)
    return plan


def _promise(plan: Mapping[int, int], *, holder: str, minutes: int) -> None:
    expires_at = Now() + timedelta(minutes=minutes)
    Reservation.objects.bulk_create(
        [
            Reservation(stock_item_id=item, holder=holder, quantity=pieces, expires_at=expires_at)
            for item, pieces in sorted(plan.items())
        ],
        update_conflicts=True,
        unique_fields=["stock_item", "holder"],
        update_fields=["quantity", "expires_at"],
    )


def _parts(reservations: Iterable[Reservation], quantity: int) -> dict[Reservation, int]:
    """{reservation: pieces} until `quantity` is reached. Raises OutOfStock when less is held."""
    missing, parts = quantity, {}
    for row in reservations:
        if missing > 0:
            parts[row] = min(row.quantity, missing)
            missing -= parts[row]
    if missing or quantity <= 0:
        raise OutOfStock(
            _("%(count)s pieces are not reserved for this order.") % {"count": missing or quantity}, short={}
        )
    return parts


def _give_back(items: Items, parts: Mapping[Reservation, int], *, holder: str, reason: str, by: Any) -> None:
    """All `parts` are promises to `holder`: of each stock row there is one at most."""
    changes = {row.stock_item_id: Change(reserved=-part) for row, part in parts.items()}
    apply(items, changes, kind=Movement.Kind.RELEASE, reference=holder, reason=reason, by=by)
    _lower(parts)


def _lower(parts: Mapping[Reservation, int]) -> None:
    """Take the pieces off their reservations; empty ones go."""
    gone = [row.pk for row, part in parts.items() if part == row.quantity]
    Reservation.objects.filter(pk__in=gone).delete()
    for row, part in parts.items():
        if part < row.quantity:
            Reservation.objects.filter(pk=row.pk).update(quantity=F("quantity") - part)
