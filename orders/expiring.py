"""An order that nobody pays gives its goods back. First the payment is made impossible, then the goods go back on sale.

The other way round somebody could pay for what another has just bought. A payment that is under way at a bank keeps its
goods (SHOP_ASYNC_HOLD_DAYS); a provider that does not answer keeps them too, until it does. What gift cards and store
credit had paid of it goes back to them, and so does a transfer of too little.
"""

import logging

from django.db import transaction

from checkout.gateways.base import GatewayUnavailable
from orders.ending import end
from orders.models import Order
from orders.repaying import repay_tenders
from orders.withdrawing import withdraw
from shop.core import events
from shop.core.locks import lock

log = logging.getLogger(__name__)


def expire_unpaid(limit: int = 100) -> list[Order]:
    """The orders that were given up just now."""
    expired = []
    for order in Order.objects.overdue()[:limit]:
        try:
            for attempt in order.attempts.active():
                withdraw(attempt)
        except GatewayUnavailable as error:
            log.warning(
                "order %s keeps its goods, its payment could not be withdrawn: %s", order.number, error
            )
            continue
        if _expire(order):
            expired.append(order)
    return expired


@transaction.atomic
def _expire(order: Order) -> bool:
    order = lock(Order.objects.filter(pk=order.pk)).get()
    if not Order.objects.overdue().filter(pk=order.pk).exists() or order.attempts.active().exists():
        return False
    end(order, because=Order.CancelledBecause.EXPIRED)
    repay_tenders(order)
    events.record("order.expired", order)
    return True
