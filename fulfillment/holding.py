"""The order's row is the one lock for everything that happens to its parcels and its returns.

So a seller who picks and a customer who cancels can never both win, and whoever comes second sees what the first one did.
Rows of this app are read after it and changed by conditional UPDATEs; none is locked by itself.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from fulfillment.models import FulfillmentOrder, Return, Shipment
from orders import refunding
from orders.models import Order, OrderLine
from shop.core.errors import Refused
from shop.core.locks import lock
from shop.core.remarks import in_words


class NotToBeSent(Refused):
    """Nothing of this order may leave the house now."""


def hold_order(pk: int) -> Order:
    return lock(Order.objects.filter(pk=pk)).get()


def hold(work: FulfillmentOrder) -> FulfillmentOrder:
    """As it is now, with its lines, under its order's lock. So for the two below."""
    order = hold_order(work.order_id)
    fresh = FulfillmentOrder.objects.with_lines().get(pk=work.pk)
    return _under(order, fresh, fresh.lines.all())


def hold_shipment(shipment: Shipment) -> Shipment:
    order = hold_order(shipment.fulfillment_order.order_id)
    fresh = Shipment.objects.with_contents().get(pk=shipment.pk)
    fresh.fulfillment_order.order = order
    _under(order, fresh.fulfillment_order, fresh.lines.all())
    return fresh


def hold_return(wish: Return) -> Return:
    order = hold_order(wish.order_id)
    fresh = Return.objects.with_lines().get(pk=wish.pk)
    return _under(order, fresh, fresh.lines.all())


def refuse_unless_sendable(order: Order) -> None:
    """Only what is paid or promised leaves, and nothing on which a person must look first. Raises NotToBeSent."""
    if order.status == Order.Status.CANCELLED:
        raise NotToBeSent(_("This order was cancelled: nothing of it may leave."))
    if order.status == Order.Status.PLACED:
        raise NotToBeSent(_("This order is not paid yet: nothing of it may leave."))
    if order.needs_review:
        raise NotToBeSent(
            _("Somebody must look at this order first: %(reason)s") % {"reason": in_words(order.needs_review)}
        )
    if order.owed_minor <= 0 < order.total_minor:
        raise NotToBeSent(
            _("This order was paid back: nothing of it may leave. Put the goods back and cancel it instead.")
        )
    open_lines = [line for line in order.lines.all() if line.open_quantity]
    if open_lines and len(_paid_back(order, open_lines)) == len(open_lines):
        raise NotToBeSent(_("Everything that has not left yet was paid back: nothing more may leave."))


def refuse_untaken(order: Order) -> None:
    """Money that is only authorised may still be refused: it is taken before a parcel costs anything. Raises NotToBeSent."""
    if order.payment_status == Order.PaymentStatus.AUTHORIZED:
        raise NotToBeSent(_("The payment is just being taken. Try again in a moment."))


def refuse_paid_back(order: Order, lines: Iterable[int]) -> None:
    """Of a parcel with these order lines: none may be paid back whole. Raises NotToBeSent."""
    chosen = set(lines)
    gone = _paid_back(order, [line for line in order.lines.all() if line.pk in chosen])
    if gone:
        raise NotToBeSent(_("“%(name)s” was paid back: leave it out of the parcel.") % {"name": gone[0].name})


def _paid_back(order: Order, lines: list[OrderLine]) -> list[OrderLine]:
    """Those of which every piece was refunded."""
    left = refunding.refundable(order).lines
    return [line for line in lines if left[line.pk] <= 0]


def _under(order: Order, row, lines):
    """Every object on hand speaks of the same, locked order."""
    row.order = order
    for line in lines:
        line.order_line.order = order
    return row
