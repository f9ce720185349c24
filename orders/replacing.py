"""Of two orders placed from one cart, one is meant: who turns back while paying and starts over must not pay twice.

Two orders are rivals when the later one's checkout began before the earlier one was confirmed, for until then the cart
still held the goods of the first. The later one replaces the first as long as that can still be made impossible to pay;
once the first is paid, or its payment is under way at a bank, the later one is given up. Where both are secured already
only the customer knows what he wants, so a person asks him. What is paid by bank transfer left the cart when it was placed.
"""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from orders import progress
from orders.awaiting import TRANSFER
from orders.ending import end
from orders.models import Order
from orders.repaying import repay_tenders
from orders.withdrawing import withdraw
from shop.core import events
from shop.core.locks import lock
from shop.core.remarks import Remark

ORDERED_TWICE = Remark(
    gettext_noop(
        "Ordered a second time from the cart of order %(number)s, and both are paid or agreed: "
        "ask the customer whether both are wanted."
    )
)


def settle_rivals(order: Order) -> None:
    """After it was placed or confirmed. Raises GatewayUnavailable; safe to repeat."""
    for rival in rivals(order):
        earlier, later = sorted((order, rival), key=lambda one: one.pk)
        if not _replace(earlier, by=later) and not _replace(later, by=earlier):
            _ask(earlier, later)


def rivals(order: Order) -> QuerySet[Order]:
    """The other orders, alive, that carry the same goods out of the same cart."""
    if order.checkout is None or order.checkout.cart_id is None:
        return Order.objects.none()
    began = order.checkout.created_at
    in_cart = ~Q(gateway=TRANSFER) & (Q(confirmed_at=None) | Q(confirmed_at__gt=began))
    earlier = Q(pk__lt=order.pk) & (in_cart | Q(gateway=TRANSFER, placed_at__gt=began))
    later = Q(pk__gt=order.pk)
    if left_at := order.placed_at if order.gateway == TRANSFER else order.confirmed_at:
        later &= Q(checkout__created_at__lt=left_at)
    found = _alive().filter(earlier | later, checkout__cart=order.checkout.cart_id)
    return found.filter(lines__variant__in=list(order.quantities())).distinct()


def _alive() -> QuerySet[Order]:
    return Order.objects.exclude(status=Order.Status.CANCELLED)


def _replace(order: Order, *, by: Order) -> bool:
    """Whether one of the two is given up now; not when `order` is secured, or being paid."""
    if not _alive().filter(pk=by.pk).exists():
        return True
    for attempt in order.attempts.active():
        withdraw(attempt)
    with transaction.atomic():
        order = lock(Order.objects.filter(pk=order.pk)).get()
        if order.status == Order.Status.CANCELLED:
            return True
        if order.status != Order.Status.PLACED or order.attempts.active().exists():
            return False
        end(order, because=Order.CancelledBecause.REPLACED)
        repay_tenders(order)
        events.record("order.replaced", order, by_order=by.number)
    return True


@transaction.atomic
def _ask(earlier: Order, later: Order) -> None:
    later = lock(Order.objects.filter(pk=later.pk)).get()
    progress.flag(later, reason=ORDERED_TWICE(number=earlier.number))
