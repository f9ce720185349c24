"""An order can be taken back until somebody has begun to pick it; afterwards it is a return.

What was promised to it goes back on sale at once. Money that was taken goes back by itself; an open payment is withdrawn by
the reaction to order.cancelled, and one that arrives all the same is sent back (orders/booking.py). Why, in somebody's own
words, stands on the order, where it can be erased; the event, which stays for ever, knows only who it was.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from checkout.gateways import gateway_named
from orders import issuing, progress, repaying
from orders.ending import end
from orders.models import Order, PaymentAttempt
from shop.core import events
from shop.core.errors import Refused
from shop.core.locks import lock
from shop.core.remarks import Remark

CANCELLED = Remark(gettext_noop("cancelled"))


class TooLateToCancel(Refused):
    """Something is being packed, or on its way."""


class NotYoursToPayBack(Refused):
    """It is paid: cancelling it sends money back, which not everybody may do who may cancel."""


def can_cancel(order: Order) -> bool:
    """Whether nobody has begun to pick it."""
    return order.status in (Order.Status.PLACED, Order.Status.CONFIRMED) and not any(
        line.picked or line.shipped for line in order.lines.all()
    )


@transaction.atomic
def cancel_order(order: Order, *, reason: str, may_pay_back: bool = True, by: Any = None) -> Order:
    """Take the whole order back. Cancelling a cancelled one changes nothing.

    `may_pay_back` is whether `by` may decide about money. Raises TooLateToCancel, NotYoursToPayBack, issuing.CardUsed.
    """
    order = lock(Order.objects.filter(pk=order.pk)).get()
    list(lock(PaymentAttempt.objects.filter(order=order)))
    if order.status == Order.Status.CANCELLED:
        return order
    if not can_cancel(order):
        raise TooLateToCancel(
            _(
                "This order is being packed already and cannot be cancelled. You can send it back once it has arrived."
            )
        )
    if not may_pay_back and repaying.held(order):
        raise NotYoursToPayBack(
            _("This order is paid, so cancelling it pays money back: that needs the right to refund.")
        )
    because = _because(order, by)
    end(order, because=because, by=by)
    issuing.take_back(order, by=by)
    for attempt in order.attempts.active():
        if not gateway_named(attempt.gateway).is_online:
            attempt.move_to(PaymentAttempt.Status.CANCELED)
    progress.refresh(order)
    order.cancel_note = reason[:200]
    Order.objects.filter(pk=order.pk).update(cancel_note=order.cancel_note)
    if owed := repaying.credit(order):
        repaying.repay(order, amount_minor=owed, reason=CANCELLED(), cause="cancellation", by=by)
    events.record("order.cancelled", order, by=by, because=because)
    return order


def _because(order: Order, by: Any) -> str:
    is_seller = getattr(by, "is_staff", False) and by.pk != order.user_id
    return Order.CancelledBecause.SHOP if is_seller else Order.CancelledBecause.CUSTOMER
