"""Those who were promised what was not there yet get it as soon as it lies on the shelf: orders first, the oldest first.

Of the rows that a checkout holds none goes before an order's. Whoever calls has locked the stock row, and writes its
figures afterwards (catalog/ledger.py).
"""

from django.db.models import F

from catalog.models import Reservation, StockItem
from shop.core import events
from shop.core.locks import lock


def serve(item: StockItem, pieces: int) -> int:
    """Let up to `pieces` that lie here now be what their holders wait for; returns how many that were.

    The holders' rows are locked, so that one who places his order at this moment is told too.
    """
    waiting = Reservation.objects.filter(stock_item=item, awaiting__gt=0)
    left, told = pieces, []
    for row in sorted(lock(waiting), key=lambda row: (row.expires_at is not None, row.pk)):
        if part := min(left, row.awaiting):
            waiting.filter(pk=row.pk).update(quantity=F("quantity") + part, awaiting=F("awaiting") - part)
            left -= part
            told.append(row.holder)
    if told:
        events.record("variant.preorders_served", item.variant, holders=told)
    return pieces - left
