"""A confirmed order goes to the shelves: one order to fulfil for each location that holds goods reserved for it.

What is to be taken from where was decided when the goods were reserved; here it only becomes work, of whoever's place it is:
the shop's team or a guest seller's staff. A set leaves from one place as a whole: where all its parts lie, else where its
first part does; the others are brought there. What is made to order leaves with the rest of its seller's goods, or from
that seller's place that is asked first. Released twice, it is the same work. A cancelled order takes its work back, unless
it came back to life meanwhile.
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


class NotReserved(Exception):
    """The order's goods are not all reserved: a fault of ours that a person must look at."""


@transaction.atomic
def release(order: Order) -> list[FulfillmentOrder]:
    """The order's work, made if it is not there yet. Raises NotReserved."""
    order = hold_order(order.pk)
    alive = list(order.fulfillment_orders.exclude(status=Status.CANCELLED).prefetch_related("lines"))
    if order.status != Order.Status.CONFIRMED or any(work.status != Status.RELEASED for work in alive):
        return alive
    plan = _plan(order)
    if alive and _as_plan(alive) == plan:
        return alive
    _cancel(alive, reason=PLANNED_ANEW())  # left over from before the order was cancelled and revived
    return [_work(order, location, pieces) for location, pieces in sorted(plan.items())]


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


def _plan(order: Order) -> Plan:
    """Where the goods of each line are reserved. Raises NotReserved."""
    lines = sorted(
        (line for line in order.lines.select_related("variant__product") if line.open_quantity),
        key=_sets_first,
    )
    held = (
        Reservation.objects.filter(holder=order.holder).select_related("stock_item").order_by("stock_item_id")
    )
    free: dict[int | None, list[list[int]]] = defaultdict(list)  # {variant id: [[location id, pieces], …]}
    for row in held:
        free[row.stock_item.variant_id].append([row.stock_item.location_id, row.quantity])
    plan: Plan = defaultdict(dict)
    for line in lines:
        if not line.is_stocked:
            places = owning.places_of(line.variant.product.seller_id if line.variant else None)
            home = next((place for place in places if place.pk in plan), None) or places[0]
            plan[home.pk][line.pk] = line.open_quantity
            continue
        for location, pieces in _whole(line, free) if line.parts else _take(line, free[line.variant_id]):
            plan[location][line.pk] = pieces
    return dict(plan)


def _sets_first(line: OrderLine) -> tuple:
    """Sets before single pieces, so that they find their parts together; what needs no shelf comes last."""
    return (not line.is_stocked, not line.parts, line.position, line.pk)


def _whole(line: OrderLine, free: dict[int | None, list[list[int]]]) -> list[tuple[int, int]]:
    """Sets by place: as many as lie together there, the rest where the first part of them does. Raises NotReserved."""
    shelves = {part: {shelf[0]: shelf[1] for shelf in free[part]} for part in line.takes}
    places: dict[int, int] = {}
    missing = line.open_quantity
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
            _take_pieces(line, free[part], missing * pieces)
        places[location] = places.get(location, 0) + missing
    return list(places.items())


def _lower(line: OrderLine, free: dict[int | None, list[list[int]]], places: dict[int, int]) -> None:
    for part, pieces in line.takes.items():
        for shelf in free[part]:
            shelf[1] -= places.get(shelf[0], 0) * pieces


def _take(line: OrderLine, shelves: list[list[int]]) -> list[tuple[int, int]]:
    return _take_pieces(line, shelves, line.open_quantity)


def _take_pieces(line: OrderLine, shelves: list[list[int]], missing: int) -> list[tuple[int, int]]:
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
