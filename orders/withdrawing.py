"""Making sure that an attempt can no longer be paid: before another one, and before its goods go back on sale."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from checkout.gateways import gateway_named
from checkout.gateways.base import GatewayRefused, GatewayUnavailable, State
from orders import progress
from orders.models import Order, PaymentAttempt
from orders.settling import handle_of, settle
from shop.core.locks import lock

Status = PaymentAttempt.Status
CLOSED = (State.CAPTURED, State.CANCELED, State.PROCESSING)


def withdraw(attempt: PaymentAttempt) -> PaymentAttempt:
    """Cancel it with its provider and settle it; it may turn out to have been paid meanwhile.

    A promise stays: only the customer, a seller or the money itself ends it.
    Raises GatewayUnavailable, unless the customer was never given anything to pay with: such an attempt is given up
    here, and looked for once more later in case the provider did hear of it.
    """
    gateway = gateway_named(attempt.gateway)
    if not gateway.is_online:
        return attempt if attempt.status == Status.PROMISED else _give_up(attempt)
    try:
        payment = gateway.fetch(handle_of(attempt), currency=attempt.currency)
        if payment is None:
            return _give_up(attempt)
        if payment.state not in CLOSED:
            gateway.cancel(handle_of(attempt, provider_ref=payment.provider_ref))
        return settle(attempt, provider_ref=payment.provider_ref)
    except GatewayRefused:
        return settle(attempt)
    except GatewayUnavailable:
        if attempt.provider_ref or attempt.session_ref:
            raise
        return _give_up(attempt)


@transaction.atomic
def _give_up(attempt: PaymentAttempt) -> PaymentAttempt:
    order = lock(Order.objects.filter(pk=attempt.order_id)).get()
    attempt = lock(PaymentAttempt.objects.filter(pk=attempt.pk)).get()
    attempt.order = order
    if attempt.status in (Status.NEW, Status.UNKNOWN, Status.INTENT_CREATED, Status.REQUIRES_ACTION):
        is_online = gateway_named(attempt.gateway).is_online
        attempt.move_to(Status.CANCELED, next_check_at=Now() + timedelta(minutes=5) if is_online else None)
        progress.refresh(order)
    return attempt
