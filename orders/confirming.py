"""An order is confirmed when its payment is secured: captured, authorised, promised as cash, or nothing to pay.

Only confirmation lets goods go, and it happens once. That it is paid is a second fact, which may come weeks later.
"""

from typing import Any

from catalog import recommending
from orders.models import Order
from shop.core import clock, events


def confirm(order: Order, *, by: Any = None) -> None:
    """The caller holds the order's lock and has seen the money, or the promise of it."""
    revived = order.status == Order.Status.CANCELLED
    order.move_to(
        Order.Status.CONFIRMED,
        confirmed_at=clock.now(),
        pay_before=None,
        **({"cancelled_at": None, "cancelled_because": ""} if revived else {}),
    )
    recommending.note_sale(order.holder, order.lines.values_list("variant__product_id", flat=True))
    events.record("order.confirmed", order, by=by, gateway=order.gateway, revived=revived)


def note_paid(order: Order, *, by: Any = None) -> None:
    """What is owed has been paid in full."""
    events.record("order.paid", order, by=by, paid_minor=order.paid_minor, currency=order.currency)
