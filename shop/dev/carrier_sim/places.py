"""Where things happen and what time it is there. Offsets are fixed: summer time adds nothing to what is simulated."""

from datetime import UTC, datetime, timedelta, timezone

from .store import Event, Parcel

EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EUROPE = set(EU.split())
HOURS = {
    "US": -5,
    "CA": -5,
    "MX": -6,
    "GB": 0,
    "IE": 0,
    "PT": 0,
    "FI": 2,
    "GR": 2,
    "BG": 2,
    "RO": 2,
    "JP": 9,
    "CN": 8,
}
CURRENCIES = {"US": "USD", "CA": "CAD", "GB": "GBP", "CH": "CHF"} | dict.fromkeys(EUROPE, "EUR")
AT_SENDER = {"label", "picked_up", "voided", "returned"}
ON_THE_WAY = {"in_transit", "delayed", "returning", "odd"}
HUBS = {
    "US": {"city": "Louisville", "region": "KY", "postcode": "40213", "country": "US"},
    "": {"city": "Köln", "region": "", "postcode": "51147", "country": "DE"},
}


def place(parcel: Parcel, stage: str) -> dict:
    """The address at which a stage happens."""
    if stage in AT_SENDER:
        return parcel.sender
    if stage in ON_THE_WAY:
        return HUBS.get(parcel.recipient["country"], HUBS[""])
    return parcel.recipient


def local(event: Event, where: dict) -> datetime:
    """The clock on the wall where it happened."""
    zone = timezone(timedelta(hours=HOURS.get(where["country"], 1)))
    return datetime.fromtimestamp(int(event.at), zone)


def gmt(event: Event) -> datetime:
    return datetime.fromtimestamp(int(event.at), UTC)
