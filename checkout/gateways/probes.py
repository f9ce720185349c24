"""Whether Stripe answers to our key."""

from django.conf import settings

from checkout.gateways.base import GatewayRefused, GatewayUnavailable
from checkout.gateways.stripe_client import answers, client
from shop.core.probes import Trouble, probe


@probe("Stripe")
def stripe() -> str:
    if not settings.SHOP_STRIPE_SECRET_KEY:
        return "no key: cards are not offered"
    try:
        with answers():
            client().v1.balance.retrieve()
    except (GatewayUnavailable, GatewayRefused) as error:
        remedy = "Check SHOP_STRIPE_SECRET_KEY, SHOP_STRIPE_API_BASE and that this machine reaches Stripe."
        raise Trouble(f"does not answer: {error}", remedy=remedy) from error
    return f"answers at {settings.SHOP_STRIPE_API_BASE}"
