"""A client that writes the carriers' JSON by hand: no library stands between the tests and the wire."""

import base64
import gzip
import json
import urllib.error
import urllib.parse
import urllib.request

from shop.dev.carrier_sim import tokens

SENDER = {"AddressLine": ["Hauptstraße 12"], "City": "Berlin", "PostalCode": "10115", "CountryCode": "DE"}
RECIPIENT = {"AddressLine": ["Ring 3"], "City": "Wien", "PostalCode": "1070", "CountryCode": "AT"}


class Shopkeeper:
    def __init__(self, url: str):
        self.url = url

    def send(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, dict]:
        """Status and JSON; header names with underscores."""
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            answer = urllib.request.urlopen(request, timeout=10)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            raw = answer.read()
            if answer.headers["Content-Encoding"] == "gzip":
                raw = gzip.decompress(raw)
            return answer.status, json.loads(raw or b"{}")

    def ups_token(self, client: tuple[str, str] = tokens.UPS_CLIENT) -> tuple[int, dict]:
        basic = base64.b64encode(":".join(client).encode()).decode()
        return self.send(
            "POST",
            "/security/v1/oauth/token",
            b"grant_type=client_credentials",
            Authorization=f"Basic {basic}",
        )

    def fedex_token(self, client: tuple[str, str] = tokens.FEDEX_SHIP_CLIENT) -> tuple[int, dict]:
        form = {"grant_type": "client_credentials", "client_id": client[0], "client_secret": client[1]}
        return self.send("POST", "/oauth/token", urllib.parse.urlencode(form).encode())

    def ups(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, dict]:
        """With a fresh token."""
        return self.send(
            method, path, body, Authorization=f"Bearer {self.ups_token()[1]['access_token']}", **headers
        )

    def fedex(self, method: str, path: str, body: object, client: tuple[str, str]) -> tuple[int, dict]:
        return self.send(
            method, path, body, Authorization=f"Bearer {self.fedex_token(client)[1]['access_token']}"
        )

    def track(self, number: str) -> dict:
        path = f"/api/track/v1/details/{number}"
        return self.ups("GET", path, transId="1", transactionSrc="tests")[1]

    def ups_label(self, **changes) -> tuple[int, dict]:
        """A good request, changed by dotted paths: `**{"Shipment.Service.Code": "99"}`."""
        party = {"Name": "Isoline GmbH", "AttentionName": "Ida", "ShipperNumber": tokens.UPS_ACCOUNT}
        weight = {"UnitOfMeasurement": {"Code": "KGS"}, "Weight": "2.3"}
        body = {
            "Shipment": {
                "Shipper": party | {"Address": SENDER},
                "ShipTo": {"Name": "Jörg Müller", "AttentionName": "Jörg", "Address": RECIPIENT},
                "Service": {"Code": "11"},
                "ReferenceNumber": {"Value": "S-1"},
                "Package": [{"PackageWeight": weight}],
            },
            "LabelSpecification": {"LabelImageFormat": {"Code": "PNG"}},
        }
        for path, value in changes.items():
            body = _changed(body, path.split("."), value)
        return self.ups("POST", "/api/shipments/v2409/ship", {"ShipmentRequest": body})

    def ups_parcel(self) -> str:
        """The number of a parcel with a fresh label."""
        status, answer = self.ups_label()
        assert status == 200, answer
        return answer["ShipmentResponse"]["ShipmentResults"]["ShipmentIdentificationNumber"]

    def fedex_label(self, **changes) -> tuple[int, dict]:
        def party(name: str, town: dict) -> dict:
            where = {
                "streetLines": town["AddressLine"],
                "city": town["City"],
                "postalCode": town["PostalCode"],
                "countryCode": town["CountryCode"],
            }
            return {"contact": {"personName": name, "phoneNumber": "493012345"}, "address": where}

        references = [{"customerReferenceType": "CUSTOMER_REFERENCE", "value": "S-1"}]
        body = {
            "accountNumber": {"value": tokens.FEDEX_ACCOUNT},
            "requestedShipment": {
                "shipper": party("Ida", SENDER),
                "recipients": [party("Jörg", RECIPIENT)],
                "serviceType": "FEDEX_REGIONAL_ECONOMY",
                "labelSpecification": {"imageType": "PDF"},
                "requestedPackageLineItems": [
                    {"weight": {"units": "KG", "value": 2.3}, "customerReferences": references}
                ],
            },
        }
        for path, value in changes.items():
            body = _changed(body, path.split("."), value)
        return self.fedex("POST", "/ship/v1/shipments", body, tokens.FEDEX_SHIP_CLIENT)

    def fedex_parcel(self) -> str:
        status, answer = self.fedex_label()
        assert status == 200, answer
        return answer["output"]["transactionShipments"][0]["masterTrackingNumber"]

    def fedex_track(self, *numbers: str) -> list[dict]:
        wanted = [{"trackingNumberInfo": {"trackingNumber": number}} for number in numbers]
        body = {"trackingInfo": wanted, "includeDetailedScans": True}
        _, answer = self.fedex("POST", "/track/v1/trackingnumbers", body, tokens.FEDEX_TRACK_CLIENT)
        return [one["trackResults"][0] for one in answer["output"]["completeTrackResults"]]


def _changed(body: object, path: list[str], value: object) -> object:
    """A copy of the body with one place set; None takes the place away."""
    if not path:
        return value
    if isinstance(body, list):
        return [_changed(body[0], path, value)]
    inner = _changed(body.get(path[0], {}), path[1:], value)
    rest = {name: one for name, one in body.items() if name != path[0]}
    return rest if inner is None else rest | {path[0]: inner}
