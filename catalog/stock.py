"""Stock is promised before it moves: reserved when a checkout starts, the order's once placed, gone when it ships.

available = on hand − reserved. A promise is one conditional UPDATE a stock row, in the order of primary keys, so that
two buyers of the last piece cannot both win and never wait in a circle; a CHECK stands behind it. Every change is a row
of the ledger (Movement). Nothing else writes StockItem, Reservation or Movement.

`holder` names to whom goods are promised: "checkout:<id>" for some minutes, "order:<id>" until they ship.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from catalog.models import Movement, Reservation, StockItem, Variant
from shop.core import events
from shop.core.errors import Refused
from shop.core.faultpoints import faultpoint

TRIES = 5  # how often a reservation is planned anew when others were faster


class OutOfStock(Refused):
    """`data["short"]` is {variant id: pieces still available} for every line that cannot be promised whole."""


class _Overtaken(Exception):
    """Between planning and taking, somebody else took a piece."""


def available(variants: Iterable[int]) -> dict[int, int]:
    """{variant id: pieces that can be promised}, over all active locations; 0 for those never stocked."""
    found = (
        StockItem.objects.filter(variant__in=variants, location__is_active=True)
        .values_list("variant")
        .annotate(free=Sum(F("on_hand") - F("reserved")))
        .order_by()
    )
    return dict.fromkeys(variants, 0) | dict(found)


def reserve(quantities: Mapping[int, int], *, holder: str, minutes: int) -> list[Reservation]:
    """Promise {variant id: pieces} to `holder` for `minutes`, all or nothing; replaces what it held before.

    Raises OutOfStock, naming every short line at once; nothing is changed then.
    """
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                return _reserve(quantities, holder, minutes)
        except _Overtaken:
            continue
    raise OutOfStock(
        _("Others are buying the same thing right now. Try again in a moment."), short=available(quantities)
    )


@transaction.atomic
def renew(holder: str, *, minutes: int) -> int:
    """Keep the promise for another while; returns how many rows still hold."""
    return Reservation.objects.filter(holder=holder, expires_at__isnull=False).update(
        expires_at=Now() + timedelta(minutes=minutes)
    )


@transaction.atomic
def commit(holder: str, *, to: str) -> list[Reservation]:
    """The promise passes to an order and no longer expires."""
    Reservation.objects.filter(holder=holder).update(holder=to, expires_at=None)
    return list(Reservation.objects.filter(holder=to).select_related("stock_item"))


@transaction.atomic
def release(holder: str, *, reason: str = "", by=None) -> int:
    """Give everything back that `holder` was promised; returns the pieces."""
    return sum(_give_back(held, held.quantity, reason, by) for held in _held(holder))


@transaction.atomic
def release_some(holder: str, *, variant: int, quantity: int, reason: str = "", by=None) -> None:
    """Give back `quantity` pieces of one variant."""
    for held, part in _parts(_held(holder).filter(stock_item__variant=variant), quantity):
        _give_back(held, part, reason, by)


@transaction.atomic
def ship(
    holder: str, *, variant: int, quantity: int, location: int | None = None, reference: str = "", by=None
) -> None:
    """Promised pieces leave the house: reserved and on hand fall together."""
    held = _held(holder).filter(stock_item__variant=variant)
    for row, part in _parts(held.filter(stock_item__location=location) if location else held, quantity):
        _lower(row, part)
        _move(
            row.stock_item_id,
            Movement.Kind.SHIP,
            on_hand=-part,
            reserved=-part,
            reference=reference or holder,
            by=by,
        )


@transaction.atomic
def release_expired(*, limit: int = 200) -> int:
    """Give back what checkouts no longer hold; returns how many promises ended."""
    expired = (
        Reservation.objects.expired().order_by("stock_item_id").select_for_update(skip_locked=True)[:limit]
    )
    ended = list(expired)
    faultpoint("sweeper.before_release")
    for held in ended:
        _give_back(held, held.quantity, "expired", None)
    return len(ended)


@transaction.atomic
def receive(
    variant: Variant, *, location, quantity: int, reference: str = "", reason: str = "", by=None
) -> StockItem:
    """Goods come in and can be sold."""
    return _bring_in(variant, location, quantity, Movement.Kind.RECEIVE, reference, reason, by)


@transaction.atomic
def restock(variant: Variant, *, location, quantity: int, reference: str, by=None) -> StockItem:
    """Returned goods go back on the shelf."""
    return _bring_in(variant, location, quantity, Movement.Kind.RESTOCK, reference, "", by)


@transaction.atomic
def adjust(item: StockItem, *, delta: int, reason: str, by=None, kind: str = Movement.Kind.ADJUST) -> None:
    """Add or take away `delta` pieces, with a reason. Raises OutOfStock below what is promised already."""
    changed = StockItem.objects.filter(pk=item.pk, on_hand__gte=F("reserved") - delta).update(
        on_hand=F("on_hand") + delta
    )
    if not changed:
        item.refresh_from_db()
        raise OutOfStock(
            _("%(count)s pieces are promised to customers; on hand cannot go below that.")
            % {"count": item.reserved},
            short={item.variant_id: item.available},
        )
    _move(item.pk, kind, on_hand=delta, reason=reason, by=by, written=True)


@transaction.atomic
def count(item: StockItem, *, counted: int, reason: str = "", by=None) -> None:
    """Somebody counted the shelf: what differs is booked. Raises OutOfStock below what is promised already."""
    item.refresh_from_db()
    if delta := counted - item.on_hand:
        adjust(item, delta=delta, reason=reason or "count", by=by, kind=Movement.Kind.COUNT)


def _reserve(quantities, holder, minutes) -> list[Reservation]:
    release(holder, reason="replaced")
    plan = _plan(quantities)
    for item, pieces in sorted(plan.items()):
        if not _take(item, pieces):
            raise _Overtaken
        _move(item, Movement.Kind.RESERVE, reserved=pieces, reference=holder, written=True)
    expires_at = Now() + timedelta(minutes=minutes)
    made = Reservation.objects.bulk_create(
        Reservation(stock_item_id=item, holder=holder, quantity=pieces, expires_at=expires_at)
        for item, pieces in sorted(plan.items())
    )
    faultpoint("reserve.done")
    return made


def _plan(quantities) -> dict[int, int]:
    """{stock item id: pieces}, from the preferred locations first. Raises OutOfStock."""
    wanted, plan = dict(quantities), {}
    items = StockItem.objects.filter(variant__in=wanted, location__is_active=True).order_by(
        "location__preference", "pk"
    )
    for item in items:
        if part := min(item.available, wanted[item.variant_id]):
            plan[item.pk] = part
            wanted[item.variant_id] -= part
    short = {variant: quantities[variant] - missing for variant, missing in wanted.items() if missing > 0}
    if short:
        raise OutOfStock(_("Some of it was sold a moment ago."), short=short)
    return plan


def _take(item: int, pieces: int) -> bool:
    """The guard against selling twice: false when fewer than `pieces` are free now."""
    return bool(
        StockItem.objects.filter(pk=item, on_hand__gte=F("reserved") + pieces).update(
            reserved=F("reserved") + pieces
        )
    )


def _held(holder: str):
    return Reservation.objects.filter(holder=holder).order_by("stock_item_id")


def _parts(reservations, quantity: int):
    """(reservation, pieces) until `quantity` is reached. Raises OutOfStock when less is held."""
    for held in reservations:
        if not quantity:
            return
        part = min(held.quantity, quantity)
        quantity -= part
        yield held, part
    if quantity:
        raise OutOfStock(
            _("%(count)s pieces are not reserved for this order.") % {"count": quantity}, short={}
        )


def _give_back(held: Reservation, pieces: int, reason: str, by) -> int:
    _lower(held, pieces)
    _move(
        held.stock_item_id,
        Movement.Kind.RELEASE,
        reserved=-pieces,
        reference=held.holder,
        reason=reason,
        by=by,
    )
    return pieces


def _lower(held: Reservation, pieces: int) -> None:
    if not Reservation.objects.filter(pk=held.pk, quantity__gt=pieces).update(
        quantity=F("quantity") - pieces
    ):
        gone, _rows = Reservation.objects.filter(pk=held.pk, quantity=pieces).delete()
        if not gone:
            raise _Overtaken


def _bring_in(variant, location, quantity, kind, reference, reason, by) -> StockItem:
    item, _made = StockItem.objects.get_or_create(variant=variant, location=location)
    _move(item.pk, kind, on_hand=quantity, reference=reference, reason=reason, by=by)
    item.refresh_from_db()
    return item


def _move(item: int, kind, *, on_hand=0, reserved=0, reference="", reason="", by=None, written=False) -> None:
    """The ledger row, and the stock row itself unless that is `written` already."""
    if not written:
        StockItem.objects.filter(pk=item).update(
            on_hand=F("on_hand") + on_hand, reserved=F("reserved") + reserved
        )
    Movement.objects.create(
        stock_item_id=item,
        kind=kind,
        on_hand_delta=on_hand,
        reserved_delta=reserved,
        reference=reference,
        reason=reason,
        actor=by if getattr(by, "pk", None) else None,
    )
    _tell_if_turned(item, (on_hand - reserved))


def _tell_if_turned(item: int, change: int) -> None:
    """Lists show whether a variant can be had: tell them when that turns."""
    row = StockItem.objects.select_related("variant").get(pk=item)
    if (row.available > 0) != (row.available - change > 0):
        events.record("variant.availability_turned", row.variant)
