"""A real HTTP peer that speaks UPS and FedEx; the shop has accounts with both."""

from collections.abc import Iterator

import pytest

from checkout.carriers import Carrier, Parcel, Party, carrier
from shop.dev.carrier_sim import tokens
from shop.dev.carrier_sim.running import RunningSim

WEBHOOK_SECRET = "told-to-nobody-else"
only_ups = pytest.mark.parametrize("each", ["ups"], indirect=True)
only_fedex = pytest.mark.parametrize("each", ["fedex"], indirect=True)


@pytest.fixture(scope="session")
def running_sim() -> Iterator[RunningSim]:
    with RunningSim() as sim:
        yield sim


@pytest.fixture
def sim(running_sim: RunningSim, settings) -> RunningSim:
    running_sim.reset()
    settings.SHOP_CARRIER_TIMEOUT = 10
    settings.SHOP_UPS_URL = settings.SHOP_FEDEX_URL = running_sim.url
    settings.SHOP_UPS_CLIENT_ID, settings.SHOP_UPS_CLIENT_SECRET = tokens.UPS_CLIENT
    settings.SHOP_UPS_ACCOUNT = tokens.UPS_ACCOUNT
    settings.SHOP_FEDEX_CLIENT_ID, settings.SHOP_FEDEX_CLIENT_SECRET = tokens.FEDEX_SHIP_CLIENT
    settings.SHOP_FEDEX_TRACK_CLIENT_ID, settings.SHOP_FEDEX_TRACK_CLIENT_SECRET = tokens.FEDEX_TRACK_CLIENT
    settings.SHOP_FEDEX_ACCOUNT = tokens.FEDEX_ACCOUNT
    settings.SHOP_UPS_WEBHOOK_CREDENTIAL = settings.SHOP_FEDEX_WEBHOOK_TOKEN = WEBHOOK_SECRET
    return running_sim


@pytest.fixture(params=["ups", "fedex"])
def each(request, sim: RunningSim) -> Carrier:
    """UPS, then FedEx."""
    return carrier(request.param)


@pytest.fixture
def box() -> Parcel:
    return Parcel(grams=2300, length_mm=300, width_mm=200, height_mm=150)


@pytest.fixture
def berlin() -> Party:
    return Party(
        name="Ida Sommer",
        company="Isoline GmbH",
        street_lines=("Hauptstraße 12",),
        city="Berlin",
        postcode="10115",
        country="DE",
        phone="+49 30 1234567",
    )


@pytest.fixture
def vienna() -> Party:
    return Party(
        name="Jörg Müller",
        street_lines=("Mariahilfer Straße 88a", "Top 7"),
        city="Wien",
        postcode="1070",
        country="AT",
        phone="+43 660 12345678",
        email="joerg@example.org",
    )


@pytest.fixture
def wayne() -> Party:
    return Party(
        name="Ann Lee",
        street_lines=("100 Main St",),
        city="Wayne",
        region="NJ",
        postcode="07470",
        country="US",
        phone="212-555-0100",
    )


@pytest.fixture
def ship(each, box, berlin, vienna):
    """Buy a label under a reference; the number of the parcel is what most tests need."""

    def buy(reference: str = "S-1001-1"):
        service = each.usual_service(sender=berlin, recipient=vienna)
        return each.label(box, sender=berlin, recipient=vienna, service=service, reference=reference)

    return buy
