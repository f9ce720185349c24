"""A confirmed order goes to the shelves: one order to fulfil for each location that holds goods reserved for it.

What is to be taken from where was decided when the goods were reserved; here it only becomes work, of whoever's place it is:
the shop's team or a guest seller's staff. A set leaves from one place as a whole: where all its parts lie, else where its
first part does; the others are brought there. What is made to order leaves with the rest of its seller's goods, or from
that seller's place that is asked first. What is preordered waits: it becomes work when the last piece of its line has come
in, together with whatever nobody has begun to pick. Released twice, it is the same work. A cancelled order takes its work
back, unless it came back to life meanwhile.
"""

from collections import defaultdict

from django.db import transaction
from django.utils.translation import gettext_noop

from catalog.models import Reservation, StockLocation
from catalog.products import owning
from fulfillment.holding import hold_order
from fulfillment.models import FulfillmentLine, FulfillmentOrder
from orders.models import Order, OrderLine
from shop.core import events
from shop.core.remarks import Remark

Status = FulfillmentOrder.Status
PLANNED_ANEW = Remark(gettext_noop("planned anew"))
ORDER_CANCELLED = Remark(gettext_noop("order cancelled"))
Plan = dict[int, dict[int, int]]  # {location id: {order line id: pieces}}
Shelves = dict[int | None, list[list[int]]]  # {variant id: [[location id, pieces], …]}


class NotReserved(Exception):
    """The order's goods are not all reserved: a fault of ours that a person must look at."""


@transaction.atomic
def release(order: Order) -> list[FulfillmentOrder]:
    """The order's work, as far as its goods are there, made if it is not there yet. Raises NotReserved."""
    order = hold_order(order.pk)
    alive = list(order.fulfillment_orders.exclude(status=Status.CANCELLED).prefetch_related("lines"))
    if order.status != Order.Status.CONFIRMED:
        return alive
    begun = [work for work in alive if work.status != Status.RELEASED]
    waiting = [work for work in alive if work.status == Status.RELEASED]
    plan = _plan(order, begun)
    if _as_plan(waiting) == plan:
        return alive
    _cancel(waiting, reason=PLANNED_ANEW())  # left over from a revived order, or preordered goods came in
    return begun + [_work(order, location, pieces) for location, pieces in sorted(plan.items())]


def waiting_for(variant: int) -> list[Order]:
    """Confirmed orders with a preorder of which a piece of this variant is reserved, the oldest first."""
    holders = Reservation.objects.filter(stock_item__variant=variant, holder__startswith="order:")
    keys = [int(holder.partition(":")[2]) for holder in holders.values_list("holder", flat=True)]
    open_ones = Order.objects.filter(pk__in=keys, status=Order.Status.CONFIRMED)
    return list(open_ones.filter(lines__ships_by__isnull=False).distinct().order_by("pk"))


@transaction.atomic
def call_back(order: Order, *, by=None) -> list[FulfillmentOrder]:
    """The order was cancelled: nobody need pick it. Returns what was taken back."""
    order = hold_order(order.pk)
    if order.status != Order.Status.CANCELLED:
        return []
    return _cancel(
        list(order.fulfillment_orders.filter(status__in=FulfillmentOrder.OPEN)),
        reason=ORDER_CANCELLED(),
        by=by,
    )


def _plan(order: Order, begun: list[FulfillmentOrder]) -> Plan:
    """Where the goods of each line are reserved, of what is not in work that somebody has `begun`. Raises NotReserved.

    A line of which a piece is still waited for waits as a whole.
    """
    sent = [line for line in order.lines.select_related("variant__product") if line.is_sent]
    lines = sorted(sent, key=_sets_first)
    held = list(
        Reservation.objects.filter(holder=order.holder).select_related("stock_item").order_by("stock_item_id")
    )
    free: Shelves = defaultdict(list)
    for row in held:
        free[row.stock_item.variant_id].append([row.stock_item.location_id, row.quantity])
    awaited = {row.stock_item.variant_id for row in held if row.awaiting}
    missing = _not_begun(lines, begun, free)
    plan: Plan = defaultdict(dict)
    for line in (line for line in lines if missing[line.pk]):
        pieces = missing[line.pk]
        if not line.is_stocked:
            places = owning.places_of(line.variant.product.seller_id if line.variant else None)
            home = next((place for place in places if place.pk in plan), None) or places[0]
            plan[home.pk][line.pk] = pieces
        elif not (awaited & line.takes.keys() and _is_short(line, pieces, free)):
            taken = _whole(line, pieces, free) if line.parts else _take(line, free[line.variant_id], pieces)
            for location, part in taken:
                plan[location][line.pk] = part
    return dict(plan)


def _not_begun(lines: list[OrderLine], begun: list[FulfillmentOrder], free: Shelves) -> dict[int, int]:
    """{order line id: pieces} that are in nobody's hands yet; what others hold is taken off the shelves."""
    by_pk = {line.pk: line for line in lines}
    missing = {line.pk: line.open_quantity for line in lines}
    for work in begun:
        for held in work.lines.all():
            line = by_pk[held.order_line_id]
            missing[line.pk] -= held.left
            for part, pieces in line.takes.items() if line.is_stocked else ():
                _take_away(free[part], held.left * pieces, first=work.location_id)
    return missing


def _take_away(shelves: list[list[int]], pieces: int, *, first: int) -> None:
    for shelf in sorted(shelves, key=lambda shelf: shelf[0] != first):
        part = min(pieces, shelf[1])
        shelf[1] -= part
        pieces -= part


def _is_short(line: OrderLine, pieces: int, free: Shelves) -> bool:
    return any(sum(shelf[1] for shelf in free[part]) < each * pieces for part, each in line.takes.items())


def _sets_first(line: OrderLine) -> tuple:
    """Sets before single pieces, so that they find their parts together; what needs no shelf comes last."""
    return (not line.is_stocked, not line.parts, line.position, line.pk)


def _whole(line: OrderLine, missing: int, free: Shelves) -> list[tuple[int, int]]:
    """Sets by place: as many as lie together there, the rest where the first part of them does. Raises NotReserved."""
    shelves = {part: {shelf[0]: shelf[1] for shelf in free[part]} for part in line.takes}
    places: dict[int, int] = {}
    for location in [location for location, _pieces in free[next(iter(line.takes))]]:
        together = min(shelves[part].get(location, 0) // pieces for part, pieces in line.takes.items())
        if part := min(missing, together):
            places[location] = part
            missing -= part
            _lower(line, free, {location: part})
    if missing:
        first = free[next(iter(line.takes))]
        location = next((place for place, pieces in first if pieces), next(iter(places), 0))
        for part, pieces in line.takes.items():
            _take(line, free[part], missing * pieces)
        places[location] = places.get(location, 0) + missing
    return list(places.items())


def _lower(line: OrderLine, free: Shelves, places: dict[int, int]) -> None:
    for part, pieces in line.takes.items():
        for shelf in free[part]:
            shelf[1] -= places.get(shelf[0], 0) * pieces


def _take(line: OrderLine, shelves: list[list[int]], missing: int) -> list[tuple[int, int]]:
    taken = []
    for shelf in shelves:
        if part := min(missing, shelf[1]):
            shelf[1] -= part
            missing -= part
            taken.append((shelf[0], part))
    if missing:
        raise NotReserved(
            f"{missing} of line {line.pk} ({line.sku}) are not reserved for order {line.order_id}"
        )
    return taken


def _as_plan(works: list[FulfillmentOrder]) -> Plan:
    return {
        work.location_id: {line.order_line_id: line.quantity for line in work.lines.all()} for work in works
    }


def _work(order: Order, location: int, pieces: dict[int, int]) -> FulfillmentOrder:
    place = StockLocation.objects.get(pk=location)
    work = FulfillmentOrder.objects.create(order=order, location=place, seller_id=place.seller_id)
    FulfillmentLine.objects.bulk_create(
        FulfillmentLine(fulfillment_order=work, order_line_id=line, quantity=quantity)
        for line, quantity in pieces.items()
    )
    events.record("fulfillment_order.released", work, pieces=sum(pieces.values()))
    return work


def _cancel(works: list[FulfillmentOrder], *, reason: str, by=None) -> list[FulfillmentOrder]:
    for work in works:
        work.move_to(Status.CANCELLED)
        events.record("fulfillment_order.cancelled", work, by=by, reason=reason)
    return works
