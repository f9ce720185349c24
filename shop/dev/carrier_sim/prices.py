"""What a parcel costs with either carrier: whole minor units, so that the same parcel always costs the same."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from .places import CURRENCIES, EUROPE


@dataclass(frozen=True)
class Offer:
    """A service on a lane: its code and name, working days, a base price and a price per started kilogram."""

    code: str
    name: str
    days: int
    base_minor: int
    per_kg_minor: int

    def price(self, grams: int) -> int:
        return self.base_minor + self.per_kg_minor * -(-grams // 1000)


UPS = {
    "us": [
        Offer("03", "UPS Ground", 4, 890, 95),
        Offer("12", "UPS 3 Day Select", 3, 1490, 160),
        Offer("02", "UPS 2nd Day Air", 2, 2190, 240),
        Offer("13", "UPS Next Day Air Saver", 1, 3390, 390),
        Offer("01", "UPS Next Day Air", 1, 3790, 430),
    ],
    "europe": [
        Offer("11", "UPS Standard", 3, 690, 80),
        Offer("65", "UPS Express Saver", 1, 1990, 260),
        Offer("07", "UPS Express", 1, 2290, 290),
        Offer("54", "UPS Express Plus", 1, 3190, 330),
    ],
    "world": [
        Offer("08", "UPS Expedited", 5, 2890, 480),
        Offer("65", "UPS Worldwide Saver", 3, 3890, 620),
        Offer("07", "UPS Worldwide Express", 2, 4290, 690),
    ],
}
FEDEX = {
    "us": [
        Offer("FEDEX_GROUND", "FedEx Ground®", 4, 860, 98),
        Offer("FEDEX_EXPRESS_SAVER", "FedEx Express Saver®", 3, 1590, 170),
        Offer("FEDEX_2_DAY", "FedEx 2Day®", 2, 2240, 235),
        Offer("STANDARD_OVERNIGHT", "FedEx Standard Overnight®", 1, 3450, 380),
        Offer("PRIORITY_OVERNIGHT", "FedEx Priority Overnight®", 1, 3820, 420),
    ],
    "europe": [
        Offer("FEDEX_REGIONAL_ECONOMY", "FedEx Regional Economy®", 3, 720, 84),
        Offer("FEDEX_INTERNATIONAL_PRIORITY", "FedEx International Priority®", 1, 2040, 265),
    ],
    "world": [
        Offer("INTERNATIONAL_ECONOMY", "FedEx International Economy®", 5, 2790, 470),
        Offer("FEDEX_INTERNATIONAL_PRIORITY", "FedEx International Priority®", 2, 4090, 640),
    ],
}
MAX_GRAMS = 70_000
_NEAR = EUROPE | {"GB", "CH", "NO", "LI"}


def name(carrier: str, code: str) -> str:
    """The service's name as it stands on labels."""
    offers = [offer for lane in {"ups": UPS, "fedex": FEDEX}[carrier].values() for offer in lane]
    return next((offer.name for offer in offers if offer.code == code), code)


def due(days: int) -> date:
    """The day after so many working days."""
    day = datetime.now(UTC).date()
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def lane(origin: str, destination: str) -> str:
    if origin == destination == "US":
        return "us"
    return "europe" if origin in _NEAR and destination in _NEAR else "world"


def crosses_customs(origin: str, destination: str) -> bool:
    return origin != destination and not (origin in EUROPE and destination in EUROPE)


def currency(origin: str) -> str:
    """An account is billed in the money of its country."""
    return CURRENCIES.get(origin, "USD")


def amount(minor: int) -> str:
    """As carriers write it: 8.90. All currencies of `places` have two decimals."""
    return f"{minor // 100}.{minor % 100:02d}"
