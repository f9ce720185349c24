"""What follows when a means without a provider is chosen: the customer's promise confirms the order, or it waits for money.

Cash on delivery and invoices are promises. A bank transfer is none: the order keeps its goods until `pay_before`, and is
confirmed by the money (orders/booking.py). Where nothing is owed there is nothing to wait for.
"""

from typing import Any

from checkout.gateways import gateway_named
from orders import progress
from orders.confirming import confirm, note_paid
from orders.models import JournalEntry, Order, PaymentAttempt

Status = PaymentAttempt.Status


def agree(order: Order, *, by: Any = None) -> None:
    """The caller holds the order's lock; its journal says what is due."""
    if order.due_minor <= 0:
        if not order.total_minor:
            progress.enter(order, kind=JournalEntry.Kind.ZERO, reference=f"zero:{order.pk}", by=by)
        confirm(order, by=by)
        note_paid(order, by=by)
        return
    is_promise = gateway_named(order.gateway).is_promise
    PaymentAttempt.objects.create(
        order=order,
        gateway=order.gateway,
        status=Status.PROMISED if is_promise else Status.INTENT_CREATED,
        amount_minor=order.due_minor,
        currency=order.currency,
    )
    if is_promise:
        confirm(order, by=by)
