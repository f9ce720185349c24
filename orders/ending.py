"""What ends with an order that will not be sent: its claim on the goods and what it owes."""

from typing import Any

from django.utils.translation import gettext_noop

from cart import coupons
from catalog import recommending, stock
from orders import progress
from orders.models import JournalEntry, Order
from shop.accounts import buyers
from shop.core import clock
from shop.core.remarks import Remark

Because = Order.CancelledBecause
REASONS = {
    Because.EXPIRED: Remark(gettext_noop("order not paid in time")),
    Because.CUSTOMER: Remark(gettext_noop("order cancelled by the customer")),
    Because.SHOP: Remark(gettext_noop("order cancelled by the shop")),
    Because.REPLACED: Remark(gettext_noop("order replaced by another")),
}


def end(order: Order, *, because: str, by: Any = None) -> None:
    """The caller holds the order's lock, and has made sure that nothing of it was picked or sent."""
    order.move_to(
        Order.Status.CANCELLED, cancelled_at=clock.now(), cancelled_because=because, pay_before=None
    )
    for line in order.lines.all():
        line.order = order
        progress.note_cancelled(line, quantity=line.quantity - line.cancelled, by=by)
    recommending.forget_sale(order.holder)
    stock.release(
        order.holder, reason=REASONS[Because(because)](), by=by
    )  # before the money: the one order of locks
    coupons.release(order.holder)
    buyers.forget_order(order.email)
    progress.enter(order, kind=JournalEntry.Kind.CANCELLED, owed_minor=-order.owed_minor, by=by)
