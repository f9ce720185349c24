"""The only place that writes stock rows, and never without a row of the ledger (Movement).

What comes onto a shelf goes first to those who were promised it before it was there (catalog/serving.py).
Rows are locked in the order of their primary keys before anything is read that a decision rests on (`locked`). Behind the
lock stand a conditional UPDATE and the CHECK on the table: were one of the three missing, nothing would be sold twice.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from catalog.models import BundlePart, Movement, Product, StockItem
from catalog.models.stock import FREE
from catalog.serving import serve
from shop.core import events, many
from shop.core.errors import Refused
from shop.core.locks import lock


class OutOfStock(Refused):
    """`data["short"]` is {variant id: pieces still available} for every line that cannot be promised whole."""


class NotStocked(Refused):
    """What is not kept in stock cannot come in."""


@dataclass(frozen=True)
class Change:
    """What happens to one stock row."""

    on_hand: int = 0
    reserved: int = 0
    expected: int = 0
    preordered: int = 0

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved + self.expected - self.preordered


Items = dict[int, StockItem]
ARRIVALS = {
    Movement.Kind.RECEIVE,
    Movement.Kind.ADJUST,
    Movement.Kind.COUNT,
}  # what was expected comes by them


def locked(which: Q) -> Items:
    """The stock rows, locked in the order of their keys until the transaction ends; nobody else changes them now."""
    rows = StockItem.objects.filter(which).select_related("location", "variant__product")
    return {item.pk: item for item in lock(rows)}


def apply(
    items: Items,
    changes: Mapping[int, Change],
    *,
    kind: str,
    reference: str = "",
    reason: str = "",
    by: Any = None,
    once: UUID | None = None,
    tells: bool = True,
) -> None:
    """Change the locked rows, and write the ledger; nothing changes without its row there.

    `once` is the seller's form that this comes from: it has its row even where it changes nothing. Lists are told of what
    turns, unless they know nothing of it yet (`tells`). Reservations are written before: what is free afterwards is
    given to those that wait.
    """
    changes = {item: change for item, change in sorted(changes.items()) if once or change != Change()}
    if not changes:
        return
    _refuse_shelfless(items, changes)
    changes = {item: _served(items[item], change, kind) for item, change in changes.items()}
    _write(changes)
    many.insert(
        Movement(
            stock_item_id=item,
            kind=_kind(kind, change),
            on_hand_delta=change.on_hand,
            reserved_delta=change.reserved,
            expected_delta=change.expected,
            preordered_delta=change.preordered,
            reference=reference,
            reason=reason,
            once=once,
            actor=by if getattr(by, "pk", None) else None,
        )
        for item, change in changes.items()
    )
    for item, change in changes.items():
        if _advance(items[item], change) and tells:
            events.record("variant.availability_turned", items[item].variant)
    if tells:
        _tell_sets(items, changes)


def open_with(pieces: Mapping[tuple[int, int], int], *, kind: str, reason: str = "", by: Any = None) -> None:
    """New rows of {(variant id, place id): pieces on hand}, each with its row of the ledger where it is not empty."""
    rows = many.insert(
        StockItem(variant_id=variant, location_id=place, on_hand=number)
        for (variant, place), number in pieces.items()
    )
    many.insert(
        Movement(
            stock_item_id=row.pk,
            kind=kind,
            on_hand_delta=row.on_hand,
            reason=reason,
            actor=by if getattr(by, "pk", None) else None,
        )
        for row in rows
        if row.on_hand
    )


def _refuse_shelfless(items: Items, changes: Mapping[int, Change]) -> None:
    """Only goods come onto a shelf: a set is there when its parts are."""
    for item, change in changes.items():
        product = items[item].variant.product
        if (change.on_hand > 0 or change.expected > 0) and product.kind != Product.Kind.GOODS:
            text = _("%(name)s is not kept in stock: %(kind)s.")
            raise NotStocked(text % {"name": product, "kind": product.get_kind_display()})


def _served(item: StockItem, change: Change, kind: str) -> Change:
    """What came in is expected no longer, and what is free now goes to those who wait for it."""
    came = min(change.on_hand, item.expected) if kind in ARRIVALS and change.on_hand > 0 else 0
    waiting = item.preordered + change.preordered
    free = item.there + change.on_hand - change.reserved
    served = serve(item, min(free, waiting)) if waiting > 0 and free > 0 else 0
    return replace(
        change,
        expected=change.expected - came,
        reserved=change.reserved + served,
        preordered=change.preordered - served,
    )


FIGURES = ["on_hand", "reserved", "expected", "preordered"]
UPDATE = f"""
UPDATE catalog_stockitem item SET {", ".join(f"{name} = item.{name} + change.{name}" for name in FIGURES)}
FROM unnest(%s::bigint[], {", ".join("%s::int[]" for _name in FIGURES)}) AS change(id, {", ".join(FIGURES)})
WHERE item.id = change.id AND item.on_hand + change.on_hand >= item.reserved + change.reserved
  AND item.expected + change.expected >= item.preordered + change.preordered
"""  # noqa: S608 - names of our own columns


def _write(changes: Mapping[int, Change]) -> None:
    """One conditional UPDATE for all rows. That it misses one cannot happen under the lock; if it does, nothing is sold."""
    figures = [[getattr(change, name) for change in changes.values()] for name in FIGURES]
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, [list(changes), *figures])
        if cursor.rowcount != len(changes):
            raise OutOfStock(
                _("Others are buying the same thing right now. Try again in a moment."), short={}
            )


def _kind(kind: str, change: Change) -> str:
    """A reservation that shrinks gives something back."""
    shrinks = kind == Movement.Kind.RESERVE and change.reserved < 0
    return Movement.Kind.RELEASE if shrinks else kind


def _advance(item: StockItem, change: Change) -> bool:
    """Bring the copy at hand up to date; true if what lists show of it turns."""
    before = _shown(item)
    for name in FIGURES:
        setattr(item, name, getattr(item, name) + getattr(change, name))
    return _shown(item) != before


def _shown(item: StockItem) -> tuple[str, str]:
    """A preorder is another thing to say than a piece that is there."""
    low_at = item.variant.low_stock_at
    return _level(item.available, low_at), _level(item.there, low_at)


def _level(pieces: int, low_at: int) -> str:
    return "out" if pieces <= 0 else "low" if pieces <= low_at else "in"


def _tell_sets(items: Items, changes: Mapping[int, Change]) -> None:
    """Lists hear of a set when what one of its parts allows of it turns. One query, two more where there are sets."""
    moved: Counter[int] = Counter()
    for item, change in changes.items():
        moved[items[item].variant_id] += change.available
    parts = list(BundlePart.objects.filter(component__in=moved).select_related("bundle").order_by("bundle"))
    if not parts:
        return
    shelves = StockItem.objects.filter(
        variant__in={part.component_id for part in parts}, location__is_active=True
    )
    free = dict(shelves.values_list("variant").annotate(free=Sum(FREE)).order_by())
    turned = {}
    for part in parts:
        now = free.get(part.component_id, 0)
        levels = [
            _level(pieces // part.quantity, part.bundle.low_stock_at)
            for pieces in (now - moved[part.component_id], now)
        ]
        if levels[0] != levels[1]:
            turned[part.bundle_id] = part.bundle
    for bundle in turned.values():
        events.record("variant.availability_turned", bundle)
