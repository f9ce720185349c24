"""A visitor of the shop, with the test client: on the payment page, pressing Pay, with an order opened by its link."""

from checkout.finding import KEY
from checkout.quoting import quote
from checkout.tests.factories import make_checkout
from shop.tests.walk import mug

JSON = {"Accept": "application/json"}


def with_checkout(client, lines=None, **over):
    """The visitor is on the payment page."""
    checkout = make_checkout(lines or {mug(): 1}, **over)
    session = client.session
    session[KEY] = checkout.token
    session.save()
    return checkout


def press(client, checkout, *, gateway="stripe", headers=None, **more):
    data = {"gateway": gateway, "fingerprint": quote(checkout).fingerprint} | more
    return client.post("/orders/", data, headers=headers or {})


def opened(client, order):
    """The visitor has followed the link in the mail."""
    client.get(f"/o/{order.token}/")
    return order
