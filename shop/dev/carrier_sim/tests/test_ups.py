"""UPS on the wire: who is let in, what is checked, what comes back."""

import base64

import pytest

from shop.dev.carrier_sim import tokens


def code_of(answer: dict) -> str:
    return answer["response"]["errors"][0]["code"]


def test_gives_a_token_with_numbers_as_strings(shopkeeper):
    status, token = shopkeeper.ups_token()
    assert status == 200
    assert token["expires_in"] == "14399" and token["issued_at"].isdigit() and len(token["access_token"]) > 40


def test_refuses_wrong_credentials(shopkeeper):
    status, answer = shopkeeper.ups_token(("sim-ups-client", "wrong"))
    assert (status, code_of(answer)) == (401, "10401")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/rating/v2409/Shop"),
        ("POST", "/api/shipments/v2409/ship"),
        ("DELETE", "/api/shipments/v2409/void/cancel/1Z"),
        ("POST", "/api/labels/v1/recovery"),
        ("GET", "/api/track/v1/details/1Z1234567"),
        ("POST", "/api/track/v1/subscription/standard/package"),
    ],
)
def test_answers_nothing_without_a_token(shopkeeper, method, path):
    for header in ({}, {"Authorization": "Bearer made-up"}):
        status, answer = shopkeeper.send(method, path, {} if method == "POST" else None, **header)
        assert (status, code_of(answer)) == (401, "250002")


def test_a_fedex_token_does_not_open_ups(shopkeeper):
    token = shopkeeper.fedex_token()[1]["access_token"]
    status, _ = shopkeeper.send("POST", "/api/rating/v2409/Shop", {}, Authorization=f"Bearer {token}")
    assert status == 401


def test_a_revoked_token_is_worthless(shopkeeper, sim):
    token = shopkeeper.ups_token()[1]["access_token"]
    sim.control("revoke")
    status, _ = shopkeeper.send("POST", "/api/rating/v2409/Shop", {}, Authorization=f"Bearer {token}")
    assert status == 401


def test_makes_a_label_as_a_picture(shopkeeper, sim):
    status, answer = shopkeeper.ups_label()
    results = answer["ShipmentResponse"]["ShipmentResults"]
    number = results["PackageResults"][0]["TrackingNumber"]
    picture = base64.b64decode(results["PackageResults"][0]["ShippingLabel"]["GraphicImage"])
    assert status == 200 and picture.startswith(b"\x89PNG")
    assert number.startswith("1Z" + tokens.UPS_ACCOUNT + "11") and len(number) == 18
    assert results["ShipmentCharges"]["TotalCharges"] == {"CurrencyCode": "EUR", "MonetaryValue": "9.30"}
    [parcel] = sim.parcels()
    assert (parcel["number"], parcel["reference"], parcel["grams"]) == (number, "S-1", 2300)


def test_reads_pounds_as_pounds(shopkeeper, sim):
    pounds = {"UnitOfMeasurement": {"Code": "LBS"}, "Weight": "10"}
    shopkeeper.ups_label(**{"Shipment.Package.PackageWeight": pounds})
    assert sim.parcels()[0]["grams"] == 4536


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("Shipment", None, "120001"),
        ("Shipment.Shipper.ShipperNumber", "ZZZZZZ", "120100"),
        ("Shipment.ShipTo.Name", None, "120201"),
        ("Shipment.ShipTo.Name", "N" * 36, "120201"),
        ("Shipment.ShipTo.Address.AddressLine", [], "120202"),
        ("Shipment.ShipTo.Address.AddressLine", ["L" * 36], "120202"),
        ("Shipment.ShipTo.Address.City", None, "120205"),
        ("Shipment.ShipTo.Address.PostalCode", "107", "120207"),
        ("Shipment.ShipTo.Address.CountryCode", "Austria", "120208"),
        ("Shipment.ShipTo.Address.CountryCode", "US", "120206"),
        ("Shipment.Service.Code", "03", "121210"),
        ("Shipment.Package.PackageWeight.Weight", "0", "120500"),
        ("Shipment.Package.PackageWeight.Weight", "much", "120500"),
        ("Shipment.Package.PackageWeight.Weight", "70.5", "120509"),
        ("LabelSpecification.LabelImageFormat.Code", "GIF", "120541"),
    ],
)
def test_refuses_what_ups_refuses(shopkeeper, sim, path, value, code):
    status, answer = shopkeeper.ups_label(**{path: value})
    assert (status, code_of(answer)) == (400, code)
    assert sim.parcels() == []


def test_a_body_that_is_no_json_is_refused(shopkeeper):
    status, answer = shopkeeper.ups("POST", "/api/shipments/v2409/ship", b"{oops")
    assert (status, code_of(answer)) == (400, "9100020")


def test_recovers_a_label_by_reference(shopkeeper):
    number = shopkeeper.ups_parcel()
    values = {"ReferenceNumber": {"Value": "S-1"}, "ShipperNumber": tokens.UPS_ACCOUNT}
    wanted = {"LabelRecoveryRequest": {"ReferenceValues": values}}
    status, answer = shopkeeper.ups("POST", "/api/labels/v1/recovery", wanted)
    results = answer["LabelRecoveryResponse"]["LabelResults"]
    assert status == 200 and results["TrackingNumber"] == number
    assert base64.b64decode(results["LabelImage"]["GraphicImage"]).startswith(b"%PDF-1.4")


@pytest.mark.parametrize(
    ("reference", "account", "code"),
    [
        ("S-2", tokens.UPS_ACCOUNT, "9801031"),
        ("", tokens.UPS_ACCOUNT, "9801031"),
        ("S-1", "ZZZZZZ", "9801009"),
    ],
)
def test_recovers_nothing_else(shopkeeper, reference, account, code):
    shopkeeper.ups_parcel()
    values = {"ReferenceNumber": {"Value": reference}, "ShipperNumber": account}
    status, answer = shopkeeper.ups(
        "POST", "/api/labels/v1/recovery", {"LabelRecoveryRequest": {"ReferenceValues": values}}
    )
    assert (status, code_of(answer)) == (400, code)


def test_voids_a_label_once_and_only_before_the_pickup(shopkeeper, sim):
    first, second = shopkeeper.ups_parcel(), shopkeeper.ups_parcel()
    status, answer = shopkeeper.ups("DELETE", f"/api/shipments/v2409/void/cancel/{first}")
    done = answer["VoidShipmentResponse"]["Response"]["ResponseStatus"]
    assert status == 200 and done["Code"] == "1"
    again = shopkeeper.ups("DELETE", f"/api/shipments/v2409/void/cancel/{first}")
    sim.advance(second, steps=2)
    late = shopkeeper.ups("DELETE", f"/api/shipments/v2409/void/cancel/{second}")
    unknown = shopkeeper.ups("DELETE", "/api/shipments/v2409/void/cancel/1ZNOBODY")
    assert [code_of(one[1]) for one in (again, late, unknown)] == ["190117", "190100", "190102"]


def test_tracking_wants_to_know_who_asks(shopkeeper):
    number = shopkeeper.ups_parcel()
    path = f"/api/track/v1/details/{number}"
    assert code_of(shopkeeper.ups("GET", path)[1]) == "TV0001"
    assert code_of(shopkeeper.ups("GET", path, transId="1")[1]) == "TV0003"
    short = shopkeeper.ups("GET", "/api/track/v1/details/1Z", transId="1", transactionSrc="tests")
    assert code_of(short[1]) == "TV1002"


def test_an_unknown_number_is_a_warning_inside_a_good_answer(shopkeeper):
    shipment = shopkeeper.track("1ZA1B2C31100000000")["trackResponse"]["shipment"][0]
    assert shipment["warnings"][0]["code"] == "TW0001" and "package" not in shipment


def test_right_after_the_label_there_is_no_activity(shopkeeper):
    package = shopkeeper.track(shopkeeper.ups_parcel())["trackResponse"]["shipment"][0]["package"][0]
    assert package["activity"] == [] and package["currentStatus"]["code"] == "003"


def test_out_for_delivery_has_the_type_of_delivered(shopkeeper, sim):
    number = shopkeeper.ups_parcel()
    sim.stage(number, "out_for_delivery")
    package = shopkeeper.track(number)["trackResponse"]["shipment"][0]["package"][0]
    status = package["activity"][0]["status"]
    assert (status["type"], status["code"], status["statusCode"]) == ("D", "OT", "021")
    assert package["deliveryDate"] == []


def test_local_time_stands_beside_gmt(shopkeeper, sim):
    number = shopkeeper.ups_parcel()
    sim.stage(number, "delivered")
    activity = shopkeeper.track(number)["trackResponse"]["shipment"][0]["package"][0]["activity"][0]
    assert activity["gmtOffset"] == "+01:00" and activity["gmtTime"].count(":") == 2
    local, gmt = int(activity["time"][:2]), int(activity["gmtTime"][:2])
    assert local == (gmt + 1) % 24


def test_the_newest_activity_comes_first(shopkeeper, sim):
    number = shopkeeper.ups_parcel()
    sim.advance(number, steps=5)
    package = shopkeeper.track(number)["trackResponse"]["shipment"][0]["package"][0]
    codes = [one["status"]["code"] for one in package["activity"]]
    assert codes == ["FS", "OT", "DP", "OR", "MP"]
    assert package["deliveryInformation"]["receivedBy"] == "Jörg"


def test_every_address_of_nobody_is_404(shopkeeper):
    assert shopkeeper.send("GET", "/api/track/v2/nothing")[0] == 404
    assert shopkeeper.send("DELETE", "/oauth/token")[0] == 404
