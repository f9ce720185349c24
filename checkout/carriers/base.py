"""What the shop asks of whoever carries a parcel, in plain units: grams, millimetres, minor units, UTC.

A label is paid for, so it is asked for under our own reference, and the same reference never buys a second one.
A status moves forward only: `delivered` is left by nothing but a return, a parcel on its way back is never `delivered`
to the customer, and what a carrier says in words unknown to us changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refused

MAX_REFERENCE = 30  # FedEx keeps 30 letters of a reference, UPS 35


class Status(TextChoices):
    PENDING = "pending", _("Label made")
    PICKED_UP = "picked_up", _("Picked up")
    IN_TRANSIT = "in_transit", _("On the way")
    OUT_FOR_DELIVERY = "out_for_delivery", _("Out for delivery")
    READY_FOR_PICKUP = "ready_for_pickup", _("Ready for pickup")
    ON_HOLD = "on_hold", _("On hold")
    DELAYED = "delayed", _("Delayed")
    FAILED_ATTEMPT = "failed_attempt", _("Delivery attempted")
    RETURNING = "returning", _("Going back to the sender")
    DELIVERED = "delivered", _("Delivered")
    CANCELLED = "cancelled", _("Cancelled")
    UNKNOWN = "unknown", _("Unknown")


def follow(last: str, reported: str) -> Status:
    """The status of a parcel after a carrier reported `reported` and `last` was known before."""
    last, reported = Status(last), Status(reported)
    if reported == Status.UNKNOWN or last == Status.RETURNING:
        return last
    if last == Status.DELIVERED:
        return reported if reported == Status.RETURNING else last
    if reported == Status.PENDING and last not in (Status.UNKNOWN, Status.CANCELLED):
        return last  # news of the label itself, arriving late
    return reported


@dataclass(frozen=True)
class Party:
    """Somebody with an address; `country` is the ISO 3166 code, `region` the short code where the country has one."""

    name: str
    street_lines: tuple[str, ...]
    city: str
    postcode: str
    country: str
    region: str = ""
    company: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Goods:
    """One line of a customs declaration: what, how many, and per piece its value, weight and origin."""

    description: str
    quantity: int
    unit_value_minor: int
    currency: str
    unit_grams: int
    origin_country: str
    hs_code: str = ""
    sku: str = ""


@dataclass(frozen=True)
class Parcel:
    """A box, ready to go: its weight with everything in it, its outer measures if known.

    What is in it (`goods`) matters only where it crosses a customs border."""

    grams: int
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    goods: tuple[Goods, ...] = ()


@dataclass(frozen=True)
class Rate:
    """What one service would cost and how many working days it takes; `days` is None where the carrier does not say."""

    carrier: str
    service: str
    name: str
    amount_minor: int
    currency: str
    days: int | None = None


@dataclass(frozen=True)
class Label:
    """A label that was bought. `cost_minor` is None where a label was recovered: carriers do not tell the price twice."""

    tracking_number: str
    carrier: str
    service: str
    pdf: bytes = field(repr=False)
    cost_minor: int | None
    currency: str
    provider_ref: str


@dataclass(frozen=True)
class TrackingEvent:
    """One thing that happened. `at` is UTC; `code` is the carrier's own, for whoever has to ask the carrier."""

    status: Status
    code: str
    description: str
    location: str
    at: datetime


@dataclass(frozen=True)
class TrackingReport:
    """What a carrier knows of a parcel, events oldest first. UNKNOWN with no events: nothing (yet)."""

    tracking_number: str
    status: Status
    events: tuple[TrackingEvent, ...] = ()
    delivered_at: datetime | None = None
    raw: dict = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, tracking_number: str, *, events: Sequence[TrackingEvent], raw: dict) -> "TrackingReport":
        """The events, sorted by time, tell the status; of two at the same moment the later in the list wins."""
        ordered = tuple(sorted(events, key=lambda event: event.at))
        status = Status.UNKNOWN
        for event in ordered:
            status = follow(status, event.status)
        arrived = [event.at for event in ordered if event.status == Status.DELIVERED]
        delivered_at = arrived[0] if status == Status.DELIVERED else None
        return cls(tracking_number, status, ordered, delivered_at, raw)


class CarrierUnavailable(Exception):
    """No answer, or none that makes sense: try again later. A label may have been made; its reference will tell."""

    def __init__(self, carrier: str, message: str):
        super().__init__(message)
        self.carrier = carrier
        self.message = message


class CarrierRefused(Refused):
    """The carrier, or its rules, says no; `message` tells the seller why. Trying the same again does not help."""


class WebhookRefused(Exception):
    """A push that does not prove where it comes from, or that nobody can read."""


class Carrier(Protocol):
    """Whoever carries parcels. All calls but `tracking_url` and `parse_webhook` go over the network: workers only."""

    code: str
    makes_labels: bool

    @property
    def name(self) -> str:
        """As people know it."""

    def rates(self, parcels: Sequence[Parcel], *, sender: Party, recipient: Party) -> list[Rate]:
        """Prices of all services on the way, cheapest first. Raises CarrierUnavailable, CarrierRefused."""

    def usual_service(self, *, sender: Party, recipient: Party) -> str:
        """The ordinary service between the two: what a seller means when nothing else was said."""

    def label(
        self, parcel: Parcel, *, sender: Party, recipient: Party, service: str, reference: str
    ) -> Label:
        """Buy a label, or find the one that was bought under this reference (1 to 30 letters, used once).

        After CarrierUnavailable call again with the same reference: no second label is bought. After `void` use a
        new one. Raises CarrierUnavailable, CarrierRefused."""

    def void(self, label_ref: str) -> None:
        """Cancel an unused label by its `provider_ref`. Raises CarrierUnavailable, CarrierRefused."""

    def track(self, tracking_number: str) -> TrackingReport:
        """Where the parcel is. Raises CarrierUnavailable, CarrierRefused."""

    def watch(self, tracking_number: str, *, url: str) -> None:
        """Ask for pushes about this parcel to `url`, where the carrier wants to be asked."""

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> list[TrackingReport]:
        """Read a push. A push is a hint: `track` has the whole story. Raises WebhookRefused."""

    def check(self) -> None:
        """Try the shop's credentials. Raises CarrierUnavailable, CarrierRefused."""

    def tracking_url(self, tracking_number: str) -> str:
        """The carrier's own page about the parcel, for the customer; empty where there is none."""
