"""Over a customs border: what is declared, and what keeps a label from being made."""

import json
from dataclasses import replace

import pytest

from checkout.carriers import CarrierRefused, Goods
from checkout.carriers.tests.conftest import only_fedex, only_ups

LAMP = Goods("Lamp, brass", 2, 4900, "EUR", 900, "DE", hs_code="940520", sku="LMP-1")
BULB = Goods("Bulb that has a name which is far too long for a form", 1, 1050, "EUR", 90, "CN")


@pytest.fixture
def zurich(vienna):
    return replace(vienna, city="Zürich", postcode="8001", country="CH")


@pytest.fixture
def declare(each, box, berlin, zurich):
    def buy(*goods: Goods):
        parcel, service = replace(box, goods=goods), each.usual_service(sender=berlin, recipient=zurich)
        return each.label(parcel, sender=berlin, recipient=zurich, service=service, reference="S-1")

    return buy


def sent(each, sim) -> dict:
    return json.loads(sim.requests(f"{each.code}.ship")[-1]["body"])


def test_a_declared_parcel_gets_its_label(declare, sim):
    assert declare(LAMP, BULB).tracking_number == sim.parcels()[0]["number"]


def test_a_declared_parcel_goes_overseas_too(each, box, berlin, wayne, sim):
    service = each.usual_service(sender=berlin, recipient=wayne)
    parcel = replace(box, goods=(LAMP,))
    label = each.label(parcel, sender=berlin, recipient=wayne, service=service, reference="S-2")
    assert label.currency == "EUR" and sim.parcels()[0]["recipient"]["country"] == "US"


@only_ups
def test_ups_gets_a_commercial_invoice(declare, each, sim):
    declare(LAMP, BULB)
    shipment = sent(each, sim)["ShipmentRequest"]["Shipment"]
    forms = shipment["ShipmentServiceOptions"]["InternationalForms"]
    lamp, bulb = forms["Product"]
    assert (lamp["Description"], lamp["OriginCountryCode"], lamp["CommodityCode"]) == (
        "Lamp, brass",
        "DE",
        "940520",
    )
    assert (lamp["Unit"]["Number"], lamp["Unit"]["Value"]) == ("2", "49.0")
    assert len(bulb["Description"]) == 35 and bulb["OriginCountryCode"] == "CN"
    assert shipment["InvoiceLineTotal"] == {"CurrencyCode": "EUR", "MonetaryValue": "108.50"}
    assert shipment["Description"] == "Lamp, brass"


@only_ups
def test_ups_is_told_of_no_payer_of_duties_which_makes_it_the_receiver(declare, each, sim):
    declare(LAMP)
    charges = sent(each, sim)["ShipmentRequest"]["Shipment"]["PaymentInformation"]["ShipmentCharge"]
    assert [charge["Type"] for charge in charges] == ["01"]


@only_fedex
def test_fedex_gets_the_goods_their_total_and_who_pays_duties(declare, each, sim):
    declare(LAMP, BULB)
    declared = sent(each, sim)["requestedShipment"]["customsClearanceDetail"]
    lamp, bulb = declared["commodities"]
    assert (lamp["countryOfManufacture"], lamp["quantity"], lamp["customsValue"]["amount"]) == ("DE", 2, 98.0)
    assert bulb["unitPrice"] == {"amount": 10.5, "currency": "EUR"}
    assert declared["totalCustomsValue"] == {"amount": 108.5, "currency": "EUR"}
    assert declared["dutiesPayment"] == {"paymentType": "RECIPIENT"}


def test_a_parcel_that_says_nothing_of_its_goods_is_refused_before_anybody_is_asked(declare, sim):
    with pytest.raises(CarrierRefused, match="customs border"):
        declare()
    assert sim.requests("%") == []


def test_an_origin_is_never_guessed(declare, sim):
    with pytest.raises(CarrierRefused, match="country of origin of Lamp, brass"):
        declare(BULB, replace(LAMP, origin_country=""))
    assert sim.requests("%") == []


@pytest.mark.parametrize("country", ["DE", "AT"])
def test_inside_the_union_nothing_is_declared(each, box, berlin, vienna, sim, country):
    to = replace(vienna, country=country, postcode={"DE": "10115", "AT": "1070"}[country])
    parcel, service = replace(box, goods=(LAMP,)), each.usual_service(sender=berlin, recipient=to)
    each.label(parcel, sender=berlin, recipient=to, service=service, reference="S-1")
    body = json.dumps(sent(each, sim))
    assert "InternationalForms" not in body and "customsClearanceDetail" not in body
