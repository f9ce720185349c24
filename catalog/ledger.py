"""The only place that writes stock rows, and never without a row of the ledger (Movement).

Rows are locked in the order of their primary keys before anything is read that a decision rests on (`locked`). Behind the
lock stand a conditional UPDATE and the CHECK on the table: were one of the three missing, nothing would be sold twice.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from catalog.models import BundlePart, Movement, Product, StockItem
from shop.core import events
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


Items = dict[int, StockItem]


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
    turns, unless they know nothing of it yet (`tells`).
    """
    changes = {item: change for item, change in sorted(changes.items()) if once or change != Change()}
    if not changes:
        return
    _refuse_shelfless(items, changes)
    _write(changes)
    Movement.objects.bulk_create(
        Movement(
            stock_item_id=item,
            kind=_kind(kind, change),
            on_hand_delta=change.on_hand,
            reserved_delta=change.reserved,
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


def _refuse_shelfless(items: Items, changes: Mapping[int, Change]) -> None:
    """Only goods come onto a shelf: a set is there when its parts are."""
    for item, change in changes.items():
        product = items[item].variant.product
        if change.on_hand > 0 and product.kind != Product.Kind.GOODS:
            text = _("%(name)s is not kept in stock: %(kind)s.")
            raise NotStocked(text % {"name": product, "kind": product.get_kind_display()})


UPDATE = """
UPDATE catalog_stockitem item SET on_hand = item.on_hand + change.on_hand, reserved = item.reserved + change.reserved
FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS change(id, on_hand, reserved)
WHERE item.id = change.id AND item.on_hand + change.on_hand >= item.reserved + change.reserved
"""


def _write(changes: Mapping[int, Change]) -> None:
    """One conditional UPDATE for all rows. That it misses one cannot happen under the lock; if it does, nothing is sold."""
    on_hand, reserved = (
        [getattr(change, name) for change in changes.values()] for name in ("on_hand", "reserved")
    )
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, [list(changes), on_hand, reserved])
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
    item.on_hand += change.on_hand
    item.reserved += change.reserved
    return _shown(item) != before


def _shown(item: StockItem) -> str:
    return _level(item.available, item.variant.low_stock_at)


def _level(pieces: int, low_at: int) -> str:
    return "out" if pieces <= 0 else "low" if pieces <= low_at else "in"


def _tell_sets(items: Items, changes: Mapping[int, Change]) -> None:
    """Lists hear of a set when what one of its parts allows of it turns. One query, two more where there are sets."""
    moved: Counter[int] = Counter()
    for item, change in changes.items():
        moved[items[item].variant_id] += change.on_hand - change.reserved
    parts = list(BundlePart.objects.filter(component__in=moved).select_related("bundle").order_by("bundle"))
    if not parts:
        return
    shelves = StockItem.objects.filter(
        variant__in={part.component_id for part in parts}, location__is_active=True
    )
    free = dict(shelves.values_list("variant").annotate(free=Sum(F("on_hand") - F("reserved"))).order_by())
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
