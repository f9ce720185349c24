"""The brake on trying out stolen cards: many declines in a row are rarely one person's own cards.

Counted where they happened, in the payments themselves: on one intent (orders/booking.py withdraws it), on one order, on all
orders out of one cart, and over all that was tried from one network. Nobody has to solve a puzzle; whoever was unlucky waits
a quarter of an hour or pays otherwise. The network is kept as a keyed number that says nothing about whose it is.
"""

import hmac
from datetime import timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db.models import Q, Sum
from django.db.models.functions import Now

from orders.booking import MOST_DECLINES
from orders.models import Order, PaymentAttempt

COOL_OFF_MINUTES = 15
MOST_OF_CART = 8
MOST_OF_NETWORK = 15


def network_of(address: str) -> str:
    """One name for all that one household or office sends from: an IPv4 /24, an IPv6 /56. Empty: unknown."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    around = ip_network(f"{found}/{24 if found.version == 4 else 56}", strict=False)
    return hmac.new(settings.SECRET_KEY.encode(), f"network:{around}".encode(), "sha256").hexdigest()[:20]


def is_too_much(order: Order, *, network: str = "") -> bool:
    """Whether no other card may be tried now."""
    if _declines(Q(order=order)) >= MOST_DECLINES:
        return True
    cart = order.checkout.cart_id if order.checkout else None
    if cart and _declines(Q(order__checkout__cart=cart)) >= MOST_OF_CART:
        return True
    return bool(network) and _declines(Q(network=network)) >= MOST_OF_NETWORK


def _declines(where: Q) -> int:
    recent = PaymentAttempt.objects.filter(
        where, declines__gt=0, updated_at__gt=Now() - timedelta(minutes=COOL_OFF_MINUTES)
    )
    return recent.aggregate(sum=Sum("declines"))["sum"] or 0
