"""Orders for tests of this app: see shop/tests/walk.py, whose operations make them."""

from shop.tests.walk import COD, make_order, pay, place

__all__ = ["COD", "make_order", "pay", "place"]


def intents():
    from checkout.gateways.stripe_client import client

    return [one.to_dict() for one in client().v1.payment_intents.list({"limit": 100}).auto_paging_iter()]
