"""Cards that Stripe keeps for a person: its Customer, and taking a card away from it."""

import logging

from checkout.gateways.base import GatewayRefused
from checkout.gateways.stripe_client import answers, client
from checkout.gateways.stripe_naming import shop_name

log = logging.getLogger(__name__)


def new_customer(user_id: int) -> str:
    """Stripe's id. It learns our number for the person and nothing else: no name, no address."""
    shop = shop_name()
    with answers():
        made = client().v1.customers.create(
            {"metadata": {"user": str(user_id), "shop": shop}},
            {"idempotency_key": f"cust:{shop}:{user_id}"},
        )
    return made.id


def detach(card_ref: str) -> None:
    """Gone for good; one that is gone already stays gone. Raises GatewayUnavailable."""
    try:
        with answers():
            client().v1.payment_methods.detach(card_ref)
    except GatewayRefused as refusal:
        log.warning("card %s was not attached any more: %s", card_ref, refusal)
