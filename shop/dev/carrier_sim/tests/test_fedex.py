"""FedEx on the wire: two kinds of token, its error bodies, its tracking and its compressed answers."""

import base64
import urllib.request

import pytest

from shop.dev.carrier_sim import tokens


def code_of(answer: dict) -> str:
    return answer["errors"][0]["code"]


def test_refuses_wrong_credentials(shopkeeper):
    status, answer = shopkeeper.fedex_token(("sim-fedex-key", "wrong"))
    assert (status, code_of(answer)) == (401, "NOT.AUTHORIZED.ERROR")


def test_ship_and_track_have_tokens_of_their_own(shopkeeper):
    ship = shopkeeper.fedex("POST", "/ship/v1/shipments", {"a": 1}, tokens.FEDEX_TRACK_CLIENT)
    track = shopkeeper.fedex("POST", "/track/v1/trackingnumbers", {"a": 1}, tokens.FEDEX_SHIP_CLIENT)
    nobody = shopkeeper.send("POST", "/rate/v1/rates/quotes", {"a": 1})
    assert (ship[0], track[0], nobody[0]) == (403, 403, 401)
    assert [code_of(one[1]) for one in (ship, track)] == ["FORBIDDEN.ERROR"] * 2


def test_makes_a_label_as_a_pdf(shopkeeper, sim):
    _, answer = shopkeeper.fedex_label()
    piece = answer["output"]["transactionShipments"][0]["pieceResponses"][0]
    assert base64.b64decode(piece["packageDocuments"][0]["encodedLabel"]).startswith(b"%PDF-1.4")
    assert (piece["netChargeAmount"], piece["currency"]) == (9.72, "EUR")
    assert piece["trackingNumber"].isdigit() and len(piece["trackingNumber"]) == 12
    assert [parcel["reference"] for parcel in sim.parcels()] == ["S-1"]


SHIPMENT = "requestedShipment"
ITEMS = f"{SHIPMENT}.requestedPackageLineItems"


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("accountNumber.value", "1", "ACCOUNT.NUMBER.INVALID"),
        (f"{SHIPMENT}.recipients.contact.phoneNumber", "", "RECIPIENT.PHONENUMBER.REQUIRED"),
        (f"{SHIPMENT}.recipients.contact.personName", "", "RECIPIENT.CONTACTANDCOMPANY.REQUIRED"),
        (f"{SHIPMENT}.recipients.address.streetLines", [], "RECIPIENT.STREETLINE.INVALID"),
        (f"{SHIPMENT}.recipients.address.postalCode", "", "RECIPIENT.POSTALCODE.INVALID"),
        (f"{SHIPMENT}.recipients.address.countryCode", "", "RECIPIENT.COUNTRY.INVALID"),
        (f"{SHIPMENT}.recipients.address.countryCode", "US", "RECIPIENT.STATEORPROVINCECODE.INVALID"),
        (f"{SHIPMENT}.recipients.address.countryCode", "CH", "COMMODITIES.MISSING"),
        (f"{SHIPMENT}.recipients.address.city", "", "RECIPIENT.CITY.INVALID"),
        (f"{SHIPMENT}.serviceType", "FEDEX_GROUND", "SERVICE.PACKAGECOMBINATION.INVALID"),
        (f"{SHIPMENT}.labelSpecification.imageType", "PNG", "LABELSPECIFICATION.IMAGETYPE.INVALID"),
        (f"{ITEMS}.weight.value", "2.3", "REQUESTEDPACKAGELINEITEMS.WEIGHT.INVALID"),
        (f"{ITEMS}.weight.value", 71, "PACKAGE.WEIGHT.EXCEEDED"),
    ],
)
def test_refuses_what_fedex_refuses(shopkeeper, sim, path, value, code):
    status, answer = shopkeeper.fedex_label(**{path: value})
    assert (status, code_of(answer)) == (400, code)
    assert sim.parcels() == []


def test_answers_compressed_although_nobody_asked(shopkeeper, sim):
    token = shopkeeper.fedex_token(tokens.FEDEX_TRACK_CLIENT)[1]["access_token"]
    body = b'{"trackingInfo": [{"trackingNumberInfo": {"trackingNumber": "1"}}]}'
    request = urllib.request.Request(f"{sim.url}/track/v1/trackingnumbers", data=body)
    request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.read()[:2] == b"\x1f\x8b"


def test_right_after_the_label_the_number_cannot_be_found(shopkeeper, sim):
    number = shopkeeper.fedex_parcel()
    [fresh] = shopkeeper.fedex_track(number)
    sim.advance(number)
    [known] = shopkeeper.fedex_track(number)
    assert fresh["error"]["code"] == "TRACKING.TRACKINGNUMBER.NOTFOUND"
    assert known["latestStatusDetail"]["code"] == "OC"


def test_tells_local_times_with_their_offset_newest_first(shopkeeper, sim):
    number = shopkeeper.fedex_parcel()
    sim.advance(number, steps=5)
    [result] = shopkeeper.fedex_track(number)
    assert [scan["eventType"] for scan in result["scanEvents"]] == ["DL", "OD", "DP", "PU", "OC"]
    assert all(scan["date"].endswith("+01:00") for scan in result["scanEvents"])
    assert result["dateAndTimes"][0]["type"] == "ACTUAL_DELIVERY"


def test_tracks_up_to_thirty_numbers(shopkeeper, sim):
    assert len(shopkeeper.fedex_track(*["1"] * 30)) == 30
    wanted = {"trackingInfo": [{"trackingNumberInfo": {"trackingNumber": "1"}}] * 31}
    status, answer = shopkeeper.fedex("POST", "/track/v1/trackingnumbers", wanted, tokens.FEDEX_TRACK_CLIENT)
    assert (status, code_of(answer)) == (400, "TRACKING.TRACKINGNUMBER.LIMITEXCEEDED")


def test_finds_parcels_by_reference_and_account(shopkeeper):
    number = shopkeeper.fedex_parcel()
    days = {"shipDateBegin": "2026-01-01", "shipDateEnd": "2026-12-31", "accountNumber": tokens.FEDEX_ACCOUNT}

    def find(**wanted) -> tuple[int, dict]:
        body = {"referencesInformation": {"type": "CUSTOMER_REFERENCE", **days, **wanted}}
        return shopkeeper.fedex("POST", "/track/v1/referencenumbers", body, tokens.FEDEX_TRACK_CLIENT)

    [found] = find(value="S-1")[1]["output"]["completeTrackResults"][0]["trackResults"]
    [missing] = find(value="S-2")[1]["output"]["completeTrackResults"][0]["trackResults"]
    assert found["trackingNumberInfo"]["trackingNumber"] == number
    assert missing["error"]["code"] == "TRACKING.REFERENCENUMBER.NOTFOUND"
    assert find(value="S-1", accountNumber="1")[0] == 400
    assert find(value="S-1", shipDateEnd="")[0] == 400


def test_cancels_a_label_once_and_only_before_the_pickup(shopkeeper, sim):
    def cancel(number: str) -> tuple[int, dict]:
        body = {"accountNumber": {"value": tokens.FEDEX_ACCOUNT}, "trackingNumber": number}
        return shopkeeper.fedex("PUT", "/ship/v1/shipments/cancel", body, tokens.FEDEX_SHIP_CLIENT)

    first, second = shopkeeper.fedex_parcel(), shopkeeper.fedex_parcel()
    assert cancel(first)[1]["output"]["cancelledShipment"] is True
    sim.advance(second, steps=2)
    assert code_of(cancel(first)[1]) == "TRACKINGNUMBER.NOTFOUND"
    assert code_of(cancel(second)[1]) == "SHIPMENT.ALREADY.TENDERED"


def test_shows_a_signature_only_once_delivered(shopkeeper, sim):
    number = shopkeeper.fedex_parcel()
    body = {"trackDocumentSpecification": [{"trackingNumberInfo": {"trackingNumber": number}}]}

    def ask() -> tuple[int, dict]:
        return shopkeeper.fedex("POST", "/track/v1/trackingdocuments", body, tokens.FEDEX_TRACK_CLIENT)

    assert ask()[0] == 400
    sim.stage(number, "delivered")
    assert base64.b64decode(ask()[1]["output"]["documents"][0]).startswith(b"\x89PNG")
