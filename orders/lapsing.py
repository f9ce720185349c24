"""Authorised money is ours only for a week: what is still not packed then is taken, or shown to a person.

SHOP_LAPSING_AUTHORIZATION says which. Taking it too early costs a refund if the order is cancelled; letting it lapse costs
the whole payment, so taking is the default. Card networks give seven days
(docs.stripe.com/payments/place-a-hold-on-a-payment-method).
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from checkout.gateways.base import GatewayUnavailable
from orders import progress
from orders.models import Order, PaymentAttempt
from orders.settling import capture
from shop.core.locks import lock
from shop.core.remarks import Remark

log = logging.getLogger(__name__)
DAYS = 6
LAPSING = Remark(
    gettext_noop("The authorised payment lapses within a day: take it by packing, or cancel the order.")
)


def take_lapsing(limit: int = 100) -> list[PaymentAttempt]:
    """The payments that were looked at just now."""
    lapsing = PaymentAttempt.objects.filter(
        status=PaymentAttempt.Status.AUTHORIZED,
        order__status=Order.Status.CONFIRMED,
        order__confirmed_at__lt=Now() - timedelta(days=DAYS),
    ).select_related("order")
    found = list(lapsing.order_by("pk")[:limit])
    for attempt in found:
        if settings.SHOP_LAPSING_AUTHORIZATION == "show" or attempt.order.needs_review:
            _show(attempt.order)
        else:
            _take(attempt)
    return found


def _take(attempt: PaymentAttempt) -> None:
    try:
        capture(attempt)
    except GatewayUnavailable as error:
        log.warning("attempt %s lapses and could not be captured yet: %s", attempt.uuid, error)


@transaction.atomic
def _show(order: Order) -> None:
    progress.flag(lock(Order.objects.filter(pk=order.pk)).get(), reason=LAPSING())
