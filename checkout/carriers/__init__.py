"""Carriers: the only place in the shop that knows one. `carrier("ups").track(…)`; importing this loads no carrier's SDK."""

from collections.abc import Callable
from functools import cache

from django.conf import settings

from .base import (
    Carrier,
    CarrierRefused,
    CarrierUnavailable,
    Goods,
    Label,
    Parcel,
    Party,
    Rate,
    Status,
    TrackingEvent,
    TrackingReport,
    WebhookRefused,
    follow,
)
from .fedex import FedEx
from .manual import Manual
from .ups import UPS

__all__ = [
    "Carrier",
    "CarrierRefused",
    "CarrierUnavailable",
    "Goods",
    "Label",
    "Parcel",
    "Party",
    "Rate",
    "Status",
    "TrackingEvent",
    "TrackingReport",
    "WebhookRefused",
    "available",
    "carrier",
    "follow",
]
CARRIERS: dict[str, Callable[[], Carrier]] = {"ups": UPS, "fedex": FedEx, "manual": Manual}


@cache
def carrier(code: str) -> Carrier:
    """The carrier of that code. Raises LookupError for one that the shop does not know."""
    return CARRIERS[code]()


def available() -> list[str]:
    """The codes of the carriers that this shop has credentials for, and `manual`, which needs none."""
    ready = {"ups": settings.SHOP_UPS_CLIENT_ID, "fedex": settings.SHOP_FEDEX_CLIENT_ID, "manual": True}
    return [code for code in CARRIERS if ready[code]]
