"""What a holder is promised: which rows it is made of, how it is written down, and how it shrinks. Part of catalog.stock.

Stock rows are locked by the caller; their figures follow (catalog/ledger.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from catalog.ledger import Change, Items, OutOfStock
from catalog.models import Reservation, StockItem


@dataclass(frozen=True)
class Held:
    """Pieces of a reservation: that lie on the shelf, and that its holder waits for."""

    there: int = 0
    awaiting: int = 0


def plan_of(quantities: Mapping[int, int], items: Items, held: Mapping[int, Held]) -> dict[int, Held]:
    """{stock item id: pieces}, from the preferred locations first; what is held already counts as free.

    Raises OutOfStock.
    """
    active = [item for item in items.values() if item.location.is_active]
    shelves = sorted(active, key=lambda item: (item.location.preference, item.pk))
    there = {item.pk: item.there + held.get(item.pk, Held()).there for item in shelves}
    coming = {
        item.pk: item.expected - item.preordered + held.get(item.pk, Held()).awaiting for item in shelves
    }
    missing = dict(quantities)
    taken = _take(missing, shelves, there)
    awaited = _take(missing, shelves, coming)
    short = {variant: quantities[variant] - pieces for variant, pieces in missing.items() if pieces > 0}
    if short:
        raise OutOfStock(_("Some of it was sold a moment ago."), short=short)
    return {pk: Held(taken.get(pk, 0), awaited.get(pk, 0)) for pk in taken | awaited}


def _take(missing: dict[int, int], shelves: Iterable[StockItem], free: Mapping[int, int]) -> dict[int, int]:
    """{stock item id: pieces} of what is `free`, taken off what is `missing` of each variant."""
    taken = {}
    for item in shelves:
        if part := min(free[item.pk], missing.get(item.variant_id, 0)):
            taken[item.pk] = part
            missing[item.variant_id] -= part
    return taken


def change_to(wanted: Held, held: Held) -> Change:
    return Change(reserved=wanted.there - held.there, preordered=wanted.awaiting - held.awaiting)


def write_down(plan: Mapping[int, Held], *, holder: str, minutes: int) -> None:
    expires_at = Now() + timedelta(minutes=minutes)
    Reservation.objects.bulk_create(
        [
            Reservation(
                stock_item_id=item,
                holder=holder,
                quantity=part.there,
                awaiting=part.awaiting,
                expires_at=expires_at,
            )
            for item, part in sorted(plan.items())
        ],
        update_conflicts=True,
        unique_fields=["stock_item", "holder"],
        update_fields=["quantity", "awaiting", "expires_at"],
    )


def parts_of(
    reservations: Iterable[Reservation], quantity: int, *, also_awaited: bool = False
) -> dict[Reservation, Held]:
    """{reservation: pieces} until `quantity` is reached, of what lies there alone unless `also_awaited`.

    Raises OutOfStock when less is held.
    """
    missing, parts = quantity, {}
    rows = list(reservations)
    for row in rows if also_awaited else ():
        if part := min(row.awaiting, max(0, missing)):
            parts[row] = Held(awaiting=part)
            missing -= part
    for row in rows:
        if part := min(row.quantity, max(0, missing)):
            parts[row] = Held(part, parts.get(row, Held()).awaiting)
            missing -= part
    if missing or quantity <= 0:
        raise OutOfStock(
            _("%(count)s pieces are not reserved for this order.") % {"count": missing or quantity}, short={}
        )
    return parts


def lower(parts: Mapping[Reservation, Held]) -> None:
    """Take the pieces off their reservations; empty ones go."""
    gone = [row.pk for row, part in parts.items() if part == Held(row.quantity, row.awaiting)]
    Reservation.objects.filter(pk__in=gone).delete()
    for row, part in parts.items():
        if row.pk not in gone:
            Reservation.objects.filter(pk=row.pk).update(
                quantity=F("quantity") - part.there, awaiting=F("awaiting") - part.awaiting
            )
