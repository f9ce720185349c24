"""Which address is which operation: UPS and FedEx side by side, since none of their addresses are the same."""

import re
from collections.abc import Callable
from functools import partial

from . import fedex, fedex_events, subscriptions, ups, ups_events
from .store import Store
from .wire import Call, Reply

Operation = Callable[..., Reply]
ROUTES: list[tuple[str, str, str, Operation]] = [
    ("POST", r"/security/v1/oauth/token", "ups.token", ups.token),
    ("POST", r"/api/rating/v\d+/Shop", "ups.rates", ups.rates),
    ("POST", r"/api/shipments/v\d+/ship", "ups.ship", ups.ship),
    ("DELETE", r"/api/shipments/v\d+/void/cancel/(?P<number>\w+)", "ups.void", ups.void),
    ("POST", r"/api/labels/v\d+/recovery", "ups.recover", ups.recover),
    ("GET", r"/api/track/v1/details/(?P<number>[^/]+)", "ups.track", ups_events.details),
    ("POST", r"/api/track/v1/subscription/standard/package", "ups.subscribe", subscriptions.subscribe),
    ("POST", r"/oauth/token", "fedex.token", fedex.token),
    ("POST", r"/rate/v1/rates/quotes", "fedex.rates", fedex.rates),
    ("POST", r"/ship/v1/shipments", "fedex.ship", fedex.ship),
    ("PUT", r"/ship/v1/shipments/cancel", "fedex.void", fedex.cancel),
    ("POST", r"/track/v1/trackingnumbers", "fedex.track", fedex_events.by_number),
    ("POST", r"/track/v1/referencenumbers", "fedex.find", fedex_events.by_reference),
    ("POST", r"/track/v1/trackingdocuments", "fedex.documents", fedex_events.documents),
]


def find(call: Call) -> tuple[str, Callable[[Store, Call], Reply]] | None:
    """The operation's name and the function that answers, or None when no carrier has such an address."""
    for method, pattern, name, answer in ROUTES:
        match = re.fullmatch(pattern, call.path)
        if match and method == call.method:
            return name, partial(answer, **match.groupdict())
    return None
