"""Picking takes an order's goods off the shelf, packing puts them into boxes. From picking on, the customer cannot cancel.

Each step can be taken back while nothing has left. A cancelled order is never picked: both look under the order's lock.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.holding import hold, refuse_unless_sendable
from fulfillment.models import FulfillmentOrder, Shipment
from orders import progress
from shop.core import events
from shop.core.errors import Refused

Status = FulfillmentOrder.Status


class ParcelsWait(Refused):
    """There are parcels with labels that have not left: cancel those first."""


@transaction.atomic
def pick(work: FulfillmentOrder, *, by) -> FulfillmentOrder:
    """Everything that is left of it was taken off the shelf. Raises NotToBeSent, IllegalMove."""
    work = hold(work)
    refuse_unless_sendable(work.order)
    work.move_to(Status.PICKED)
    _note(work, sign=1, by=by)
    events.record("fulfillment_order.picked", work, by=by)
    return work


@transaction.atomic
def pack(work: FulfillmentOrder, *, by) -> FulfillmentOrder:
    """It is in boxes; money that was only authorised is taken now. Raises NotToBeSent, IllegalMove."""
    work = hold(work)
    refuse_unless_sendable(work.order)
    work.move_to(Status.PACKED)
    progress.note_packed(work.order, by=by)
    events.record("fulfillment_order.packed", work, by=by)
    return work


@transaction.atomic
def unpick(work: FulfillmentOrder, *, by) -> FulfillmentOrder:
    """One step back: out of the boxes, or back on the shelf. Raises ParcelsWait, IllegalMove."""
    work = hold(work)
    if work.shipments.filter(status__in=Shipment.WAITING).exists():
        raise ParcelsWait(_("A parcel of this order waits to leave. Cancel the parcel first."))
    if work.status == Status.PACKED:
        work.move_to(Status.PICKED)
        events.record("fulfillment_order.unpacked", work, by=by)
    else:
        work.move_to(Status.RELEASED)
        _note(work, sign=-1, by=by)
        events.record("fulfillment_order.unpicked", work, by=by)
    return work


def _note(work: FulfillmentOrder, *, sign: int, by) -> None:
    for line in work.lines.all():
        if line.left:
            progress.note_picked(line.order_line, quantity=sign * line.left, by=by)
