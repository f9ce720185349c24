"""What the customer wants to send back: asked for, approved or refused, or taken back.

Only what was sent to the customer, is not spoken for by another return, and is still within the shop's days for returns
can be asked back; the days count from delivery, the latest one where a line came in several parcels. What happens when the
goods are here is in receiving.py, the money in compensating.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.eligibility import Eligible, eligible
from fulfillment.holding import hold_order, hold_return, hold_shipment
from fulfillment.models import Return, ReturnLine, Shipment
from orders.models import Order
from shop.core import events
from shop.core.errors import Refused

Status, Reason = Return.Status, ReturnLine.Reason


class NotReturnable(Refused):
    """`data["line"]` is the order line that cannot come back, or not so many of it."""


class NothingChosen(Refused):
    """A return of nothing, or a refusal without a reason."""


class TooLateToKeep(Refused):
    """The goods are here already, or the return has ended."""


@dataclass(frozen=True)
class Wish:
    """So many pieces of a line, and why."""

    quantity: int
    reason: str


@transaction.atomic
def request(order: Order, *, lines: Mapping[int, Wish], note: str = "", by=None) -> Return:
    """The customer asks to send back {order line id: Wish}. Raises NothingChosen, NotReturnable."""
    order = hold_order(order.pk)
    possible = {one.line.pk: one for one in eligible(order)}
    for pk, wish in lines.items():
        if pk not in possible or not 0 < wish.quantity <= possible[pk].quantity:
            raise NotReturnable(_not_possible(possible.get(pk)), line=pk)
    made = _make(order, lines, note=note, by=by)
    events.record("return_request.made", made, by=by, order=order.pk, lines=len(lines))
    return made


@transaction.atomic
def take_in(shipment: Shipment, *, by) -> Return:
    """A parcel that never reached the customer is back: its return needs nobody's asking. Raises NotReturnable."""
    shipment = hold_shipment(shipment)
    order = shipment.order
    if shipment.status != Shipment.Status.RETURNING:
        raise NotReturnable(_("This parcel is not on its way back to us."))
    spoken_for = {one.line.pk: one.sent - one.spoken_for for one in eligible(order)}
    wishes = {
        line.order_line_id: Wish(
            min(line.quantity, spoken_for.get(line.order_line_id, 0)), Reason.UNDELIVERED
        )
        for line in shipment.lines.all()
        if spoken_for.get(line.order_line_id, 0) > 0
    }
    made = _make(order, wishes, note="", by=by)
    made.move_to(Status.APPROVED)
    events.record("return_request.taken_in", made, by=by, order=order.pk, shipment=shipment.pk)
    return made


@transaction.atomic
def approve(wish: Return, *, by) -> Return:
    """The goods may come. Raises IllegalMove, as all that follow."""
    wish = hold_return(wish)
    wish.move_to(Status.APPROVED)
    events.record("return_request.approved", wish, by=by)
    return wish


@transaction.atomic
def refuse(wish: Return, *, reason: str, by) -> Return:
    """The goods may not come; `reason` is told to the customer. Raises NothingChosen without one."""
    wish = hold_return(wish)
    wish.move_to(Status.REFUSED, refusal=told(reason))
    events.record("return_request.refused", wish, by=by)
    return wish


@transaction.atomic
def withdraw(wish: Return, *, by=None) -> Return:
    """The customer keeps the goods after all. Raises TooLateToKeep."""
    wish = hold_return(wish)
    if not wish.can_move_to(Status.CANCELLED):
        raise TooLateToKeep(_("This return can no longer be taken back."))
    wish.move_to(Status.CANCELLED)
    events.record("return_request.withdrawn", wish, by=by)
    return wish


def told(reason: str) -> str:
    """A reason fit for the customer. Raises NothingChosen without one."""
    reason = " ".join(reason.split())[:250]
    if not reason:
        raise NothingChosen(_("Tell the customer why."))
    return reason


def _make(order: Order, lines: Mapping[int, Wish], *, note: str, by) -> Return:
    if not lines:
        raise NothingChosen(_("Choose at least one item to send back."))
    made = Return.objects.create(
        order=order, note=note.strip()[:2000], requested_by=by if getattr(by, "pk", None) else None
    )
    ReturnLine.objects.bulk_create(
        ReturnLine(return_request=made, order_line_id=pk, quantity=wish.quantity, reason=wish.reason)
        for pk, wish in lines.items()
    )
    return made


def _not_possible(one: Eligible | None) -> str:
    if one is None:
        return _("This item is not part of the order.")
    if one.refusal:
        return one.refusal
    return _("At most %(count)s of “%(name)s” can be sent back.") % {
        "count": one.quantity,
        "name": one.line.name,
    }
