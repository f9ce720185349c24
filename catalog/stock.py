"""Stock is promised before it moves: reserved when a checkout starts, the order's once placed, gone when it ships.

available = on hand − reserved, and where a preorder is taken what is expected − preordered: see catalog/preordering.py.
Whoever changes stock first locks all the rows he will touch, in the order of their
primary keys (catalog/ledger.py), so that two buyers of the last piece cannot both win and never wait in a circle. Every
change is a row of the ledger (Movement). Nothing else writes reservations.

Pieces are always those of variants that lie on shelves: of a set, its parts (catalog/products/taking.py says which). Only
`available` is asked about anything that is sold.

`holder` names to whom goods are promised: "checkout:<id>" for some minutes, "order:<id>" until they ship. Calls about the
same holder must not run at the same time: the checkout's or the order's own lock sees to that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from catalog.ledger import Change, Items, OutOfStock, apply, locked
from catalog.models import Movement, Reservation, StockItem
from catalog.models.stock import THERE
from catalog.products.taking import pieces_of, takes_by_id, whole
from catalog.promises import Held, change_to, lower, parts_of, plan_of, write_down
from catalog.shelving import adjust, count, count_all, lock_shelves, open_shelves, receive, restock, stock_up
from shop.core.faultpoints import faultpoint
from shop.core.locks import lock
from shop.core.remarks import Remark

EXPIRED = Remark(gettext_noop("expired"))


@dataclass(frozen=True)
class Shelf:
    """Pieces of one variant that can be promised: those that lie there, and those that are expected by `ships_by`."""

    there: int = 0
    expected: int = 0
    ships_by: date | None = None

    @property
    def free(self) -> int:
        return self.there + self.expected


__all__ = [
    "OutOfStock",
    "Shelf",
    "adjust",
    "available",
    "awaited",
    "commit",
    "count",
    "count_all",
    "lock_shelves",
    "on_shelves",
    "open_shelves",
    "promised",
    "receive",
    "release",
    "release_expired",
    "release_some",
    "renew",
    "reserve",
    "restock",
    "shelves",
    "ship",
    "stock_up",
]


def available(variants: Iterable[int]) -> dict[int, int]:
    """{variant id: pieces that can be sold}; of a set as many as its parts allow. Two queries."""
    takes = takes_by_id(variants)
    free = on_shelves(pieces_of((wanted, 1) for wanted in takes.values()))
    return {variant: whole(wanted, free) for variant, wanted in takes.items()}


def on_shelves(variants: Iterable[int]) -> dict[int, int]:
    """{variant id: pieces that can be promised}, also of what is expected; 0 for those never stocked."""
    return {variant: shelf.free for variant, shelf in shelves(variants).items()}


def shelves(variants: Iterable[int]) -> dict[int, Shelf]:
    """What can be promised of each, over all active locations. One query."""
    variants = list(variants)
    found = (
        StockItem.objects.filter(variant__in=variants, location__is_active=True)
        .values_list("variant", "variant__ships_by")
        .annotate(lie=Sum(THERE), come=Sum(F("expected") - F("preordered")))
        .order_by()
    )
    known = {variant: Shelf(there, expected, day) for variant, day, there, expected in found}
    return dict.fromkeys(variants, Shelf()) | known


def promised(holder: str) -> dict[int, int]:
    """{variant id: pieces} that are reserved for `holder` now, those that he waits for included."""
    held = Reservation.objects.filter(holder=holder).values_list("stock_item__variant")
    return dict(held.annotate(pieces=Sum(F("quantity") + F("awaiting"))).order_by())


def awaited(holder: str) -> dict[int, int]:
    """{variant id: pieces} that `holder` was promised and that are not there yet."""
    held = Reservation.objects.filter(holder=holder, awaiting__gt=0).values_list("stock_item__variant")
    return dict(held.annotate(pieces=Sum("awaiting")).order_by())


@transaction.atomic
def reserve(quantities: Mapping[int, int], *, holder: str, minutes: int) -> list[Reservation]:
    """Promise {variant id: pieces} to `holder` for `minutes`, all or nothing; replaces what it held before.

    What lies there is promised first, then what is expected.
    Raises OutOfStock, naming every short line at once; nothing is changed then.
    """
    if any(pieces < 0 for pieces in quantities.values()):
        raise ValueError("fewer than no pieces cannot be promised")
    items = locked(Q(variant__in=list(quantities)) | _held_by(holder))
    held = {row.stock_item_id: Held(row.quantity, row.awaiting) for row in _held(holder)}
    plan = plan_of(quantities, items, held)
    wanted = dict.fromkeys(held, Held()) | plan
    changes = {item: change_to(wanted[item], held.get(item, Held())) for item in wanted}
    _held(holder).exclude(stock_item__in=plan).delete()
    write_down(plan, holder=holder, minutes=minutes)
    apply(items, changes, kind=Movement.Kind.RESERVE, reference=holder)
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
    parts = {row: Held(row.quantity, row.awaiting) for row in _held(holder)}
    lower(parts)
    _give_back(items, parts, holder=holder, reason=reason, by=by)
    return sum(part.there + part.awaiting for part in parts.values())


@transaction.atomic
def release_some(holder: str, *, variant: int, quantity: int, reason: str = "", by: Any = None) -> None:
    """Give back `quantity` pieces of one variant, first those that are not there yet. Raises OutOfStock if fewer are held."""
    items = locked(_held_by(holder))
    parts = parts_of(_held(holder, variant=variant), quantity, also_awaited=True)
    lower(parts)
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
        parts = parts_of(rows, quantity)
    else:
        parts = parts_of(held.filter(stock_item__location=location) if location else held, quantity)
    changes = {row.stock_item_id: Change(-part.there, -part.there) for row, part in parts.items()}
    lower(parts)
    apply(items, changes, kind=Movement.Kind.SHIP, reference=reference or holder, by=by)


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
    parts = {row: Held(row.quantity, row.awaiting) for row in ended}
    lower(parts)  # all of them before the first is given back: no piece goes to one that has ended, too
    for row, part in parts.items():
        _give_back(items, {row: part}, holder=row.holder, reason=EXPIRED(), by=None)
    return len(ended)


def _held_by(holder: str) -> Q:
    return Q(pk__in=Reservation.objects.filter(holder=holder).values("stock_item"))


def _held(holder: str, *, variant: int | None = None) -> QuerySet[Reservation]:
    rows = Reservation.objects.filter(holder=holder).order_by("stock_item_id")
    return rows.filter(stock_item__variant=variant) if variant else rows


def _give_back(items: Items, parts: Mapping[Reservation, Held], *, holder: str, reason: str, by: Any) -> None:
    """All `parts` were promises to `holder`: of each stock row there is one at most."""
    changes = {row.stock_item_id: change_to(Held(), part) for row, part in parts.items()}
    apply(items, changes, kind=Movement.Kind.RELEASE, reference=holder, reason=reason, by=by)
