"""Returned goods are here: counted, then looked at. Whatever can be sold again is back on the shelf at once.

Both happen once, however often a parcel is scanned: whoever comes second finds the return moved on.
"""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from catalog import stock
from catalog.models import StockLocation, Variant
from fulfillment.holding import hold_return
from fulfillment.models import FulfillmentLine, Return, ReturnLine, Shipment, ShipmentLine
from orders import progress
from orders.models import OrderLine
from shop.core import events
from shop.core.errors import Refused
from shop.core.faultpoints import faultpoint

Status, Condition = Return.Status, ReturnLine.Condition


class NotAsPromised(Refused):
    """More pieces than were announced, or a condition that says nothing."""


@transaction.atomic
def receive(wish: Return, *, received: Mapping[int, int] | None = None, by) -> Return:
    """The parcel is here with {order line id: pieces}; None: all that was announced. Raises NotAsPromised."""
    wish = hold_return(wish)
    counted = {line: _counted(line, received) for line in wish.lines.all()}
    wish.move_to(Status.RECEIVED)
    for line, pieces in counted.items():
        line.received = pieces
        line.save(update_fields=["received"])
    events.record("return_request.received", wish, by=by, pieces=sum(counted.values()))
    return wish


@transaction.atomic
def inspect(wish: Return, *, conditions: Mapping[int, str], by) -> Return:
    """{order line id: condition} of what came. Sellable pieces go back on the shelf. Raises NotAsPromised."""
    wish = hold_return(wish)
    lines = list(wish.lines.all())
    for line in lines:
        line.condition = _condition(line, conditions)
    wish.move_to(Status.INSPECTED)
    stock.lock_shelves(variant for line in lines for variant in line.order_line.takes)
    for line in lines:
        line.save(update_fields=["condition"])
        _put_back(line, wish, by=by)
    faultpoint("returning.before_commit")
    events.record("return_request.inspected", wish, by=by)
    return wish


def _counted(line: ReturnLine, received: Mapping[int, int] | None) -> int:
    pieces = line.quantity if received is None else received.get(line.order_line_id, 0)
    if not 0 <= pieces <= line.quantity:
        raise NotAsPromised(_("More pieces than were announced: enter what belongs to this return."))
    return pieces


def _condition(line: ReturnLine, conditions: Mapping[int, str]) -> str:
    if not line.received:
        return Condition.MISSING
    condition = conditions.get(line.order_line_id, "")
    if condition not in (Condition.SELLABLE, Condition.DAMAGED):
        raise NotAsPromised(_("Say of each item in which condition it came back."))
    return condition


def _put_back(line: ReturnLine, wish: Return, *, by) -> None:
    if not line.received:
        return
    bought = line.order_line
    if line.condition == Condition.SELLABLE and bought.takes:
        home = StockLocation.objects.get(pk=_shelf_of(line))
        for variant in Variant.objects.filter(pk__in=bought.takes).order_by("pk"):
            pieces = line.received * bought.takes[variant.pk]
            stock.restock(variant, location=home, quantity=pieces, reference=wish.cause, by=by)
    lost = max(0, min(line.received, _turned_back(bought) - bought.undelivered))
    progress.note_returned(bought, quantity=line.received, undelivered=lost, by=by)


def _turned_back(bought: OrderLine) -> int:
    """Pieces in parcels that turned back to us and had never arrived."""
    rows = ShipmentLine.objects.filter(
        order_line=bought, shipment__status=Shipment.Status.RETURNING, shipment__delivered_at=None
    )
    return rows.aggregate(pieces=Sum("quantity"))["pieces"] or 0


def _shelf_of(line: ReturnLine) -> int:
    """The place from which it was sent, the latest one of several."""
    sent = FulfillmentLine.objects.filter(order_line=line.order_line, shipped__gt=0)
    return sent.order_by("pk").values_list("fulfillment_order__location", flat=True).reverse()[0]
