"""A parcel is packed whole or in parts, gets its label, and is handed over: only then do its goods leave the stock.

Labels are bought by a worker (fulfillment/labelling.py). A parcel by a carrier without an API, or that the customer
collects, needs none. Whatever is in a parcel that waits is not packed a second time.
"""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from catalog import stock
from checkout.carriers import available
from checkout.carriers import carrier as carrier_named
from fulfillment.holding import hold, hold_shipment, refuse_paid_back, refuse_unless_sendable, refuse_untaken
from fulfillment.models import FulfillmentLine, FulfillmentOrder, Shipment, ShipmentLine
from orders import progress
from shop.core import clock, events
from shop.core.errors import Refused
from shop.core.faultpoints import faultpoint

HEAVIEST_G = 70_000  # no carrier of ours takes more in one parcel


class NotPacked(Refused):
    """Pack it first."""


class NotInTheBox(Refused):
    """Other pieces, or more of them, than are left of this order here."""


class CannotSend(Refused):
    """The carrier is not available, or the weight makes no sense."""


def choices() -> list[tuple[str, str]]:
    """The carriers that a seller may choose: (code, name)."""
    return [(code, str(carrier_named(code).name)) for code in available()]


@transaction.atomic
def ship(
    work: FulfillmentOrder,
    *,
    carrier: str,
    service: str = "",
    lines: Mapping[int, int] | None = None,
    weight_g: int = 0,
    tracking_number: str = "",
    by,
) -> Shipment:
    """Make a parcel of `lines` ({order line id: pieces}; None: all that is left).

    It then waits for its label, or to be handed over. Raises NotToBeSent, NotPacked, NotInTheBox, CannotSend.
    """
    work = hold(work)
    refuse_unless_sendable(work.order)
    if work.status != FulfillmentOrder.Status.PACKED:
        raise NotPacked(_("Pack this order first."))
    contents = _contents(work, lines)
    refuse_paid_back(work.order, contents)
    makes_label = _check_carrier(carrier, work)
    weight_g = weight_g or _weight(work, contents)
    if makes_label and not 1 <= weight_g <= HEAVIEST_G:
        raise CannotSend(_("Enter the weight in grams, at most %(most)s.") % {"most": HEAVIEST_G})
    shipment = Shipment.objects.create(
        fulfillment_order=work,
        carrier=carrier,
        service=service,
        tracking_number="" if makes_label else tracking_number.strip(),
        weight_g=weight_g,
        currency=work.order.currency,
        expected_date=work.order.promised_to,
        status=Shipment.Status.LABEL_PENDING if makes_label else Shipment.Status.LABELLED,
    )
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, order_line_id=line, quantity=pieces)
        for line, pieces in contents.items()
    )
    events.record("shipment.created", shipment, by=by, order=work.order_id, carrier=carrier)
    return shipment


@transaction.atomic
def hand_over(shipment: Shipment, *, by) -> Shipment:
    """It leaves the shelves: with the carrier, or put aside for the customer who collects it.

    Raises NotToBeSent, IllegalMove, OutOfStock.
    """
    shipment = hold_shipment(shipment)
    work, order = shipment.fulfillment_order, shipment.order
    refuse_unless_sendable(order)
    refuse_untaken(order)
    refuse_paid_back(order, [line.order_line_id for line in shipment.lines.all()])
    is_tracked = shipment.carrier in available() and carrier_named(shipment.carrier).makes_labels
    shipment.move_to(
        Shipment.Status.SHIPPED, shipped_at=clock.now(), next_poll_at=Now() if is_tracked else None
    )
    for line in shipment.lines.all():
        _leave(line, work, by=by)
    faultpoint("shipping.before_commit")
    if not work.lines.filter(shipped__lt=F("quantity")).exists():
        work.move_to(FulfillmentOrder.Status.SHIPPED)
    events.record("shipment.shipped", shipment, by=by, order=order.pk)
    shipment.refresh_from_db(fields=["next_poll_at"])
    return shipment


@transaction.atomic
def cancel(shipment: Shipment, *, by) -> Shipment:
    """A parcel that has not left is unpacked; its label is voided by a worker. Raises IllegalMove."""
    shipment = hold_shipment(shipment)
    shipment.move_to(Shipment.Status.CANCELLED)
    events.record("shipment.cancelled", shipment, by=by)
    return shipment


def packable(work: FulfillmentOrder) -> dict[int, int]:
    """{order line id: pieces} that are neither gone nor in a parcel that waits."""
    waiting = dict(
        ShipmentLine.objects.filter(shipment__fulfillment_order=work, shipment__status__in=Shipment.WAITING)
        .values_list("order_line")
        .annotate(pieces=Sum("quantity"))
    )
    left = {line.order_line_id: line.left - waiting.get(line.order_line_id, 0) for line in work.lines.all()}
    return {line: pieces for line, pieces in left.items() if pieces > 0}


def _contents(work: FulfillmentOrder, lines: Mapping[int, int] | None) -> dict[int, int]:
    left = packable(work)
    wanted = {line: pieces for line, pieces in (left if lines is None else lines).items() if pieces}
    if not wanted:
        raise NotInTheBox(_("Nothing is left to pack: choose at least one piece."))
    if any(not 0 < pieces <= left.get(line, 0) for line, pieces in wanted.items()):
        raise NotInTheBox(_("That is more than is left of this order here."))
    return wanted


def _check_carrier(code: str, work: FulfillmentOrder) -> bool:
    """Whether it makes labels."""
    if code == Shipment.PICKUP and work.order.is_pickup:
        return False
    if code not in available():
        raise CannotSend(_("This carrier is not set up."))
    return carrier_named(code).makes_labels


def _weight(work: FulfillmentOrder, contents: Mapping[int, int]) -> int:
    """What the goods weigh by the catalogue."""
    return sum(line.order_line.weight_g * contents.get(line.order_line_id, 0) for line in work.lines.all())


def _leave(line: ShipmentLine, work: FulfillmentOrder, *, by) -> None:
    order = work.order
    bought = line.order_line
    for variant, pieces in sorted(bought.takes.items()):
        stock.ship(
            order.holder,
            variant=variant,
            quantity=line.quantity * pieces,
            location=work.location_id,
            elsewhere=bool(bought.parts),
            reference=f"shipment:{line.shipment_id}",
            by=by,
        )
    FulfillmentLine.objects.filter(fulfillment_order=work, order_line=line.order_line).update(
        shipped=F("shipped") + line.quantity
    )
    progress.note_shipped(line.order_line, quantity=line.quantity, by=by)
