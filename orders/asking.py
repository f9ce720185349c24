"""What a provider is told of an attempt: the sum, whose it is, and where the customer comes back to."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from checkout.gateways.base import Asked
from orders.models import Order, PaymentAttempt


def asked(order: Order, attempt: PaymentAttempt) -> Asked:
    return Asked(
        reference=str(attempt.uuid),
        order_number=order.number,
        amount=attempt.amount,
        email=order.email,
        language=order.language,
        customer=attempt.customer_ref,
        keeps_card=attempt.keeps_card,
        return_url=page_of(order, "confirming"),
        cancel_url=page_of(order, "payment"),
    )


def page_of(order: Order, name: str) -> str:
    """Where the customer comes back to, with the shop's address, in his language."""
    with translation.override(order.language):
        return str(settings.SHOP_URL + reverse(f"orders:{name}", args=[order.number]))
