"""The simulator tells the shop: in the carriers' own words, signed as the carriers do."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from shop.dev.carrier_sim import tokens


class Ear(HTTPServer):
    """The shop's end of a webhook: keeps what it hears."""

    def __init__(self, status: int = 200):
        super().__init__(("127.0.0.1", 0), Listener)
        self.heard: list[tuple[dict, bytes]] = []
        self.status = status

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hooks/"


class Listener(BaseHTTPRequestHandler):
    server: Ear

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *values) -> None:
        pass


@pytest.fixture
def ear() -> Iterator[Ear]:
    ear = Ear()
    threading.Thread(target=ear.serve_forever, daemon=True).start()
    yield ear
    ear.shutdown()
    ear.server_close()


def test_ups_sends_each_event_with_our_credential(shopkeeper, sim, ear):
    number = shopkeeper.ups_parcel()
    sim.control("webhook", carrier="ups", url=ear.url, secret="s3cret")
    assert sim.advance(number, steps=4)["pushed"] == [200] * 4
    headers, body = ear.heard[-1]
    event = json.loads(body)
    assert headers["credential"] == "s3cret" and headers["user-agent"] == "UPSPubSubTrackingService"
    assert event["trackingNumber"] == number
    assert event["activityStatus"]["type"] == "D" and event["activityStatus"]["descriptionCode"] == "021"
    assert len(event["gmtActivityTime"]) == 6 and event["actualDeliveryDate"] == ""


def test_fedex_signs_what_it_sends(shopkeeper, sim, ear):
    number = shopkeeper.fedex_parcel()
    sim.control("webhook", carrier="fedex", url=ear.url, secret="s3cret")
    sim.stage(number, "delivered")
    [(headers, body)] = ear.heard
    signature = base64.b64encode(hmac.new(b"s3cret", body, hashlib.sha256).digest()).decode()
    assert headers["fdx-signature"] == signature
    [complete] = json.loads(body)["output"]["completeTrackResults"]
    assert complete["trackingNumber"] == number
    assert complete["trackResults"][0]["scanEvents"][0]["eventType"] == "DL"


def test_a_subscribed_parcel_is_told_to_its_own_address(shopkeeper, sim, ear):
    number, other = shopkeeper.ups_parcel(), shopkeeper.ups_parcel()
    status, answer = subscribe(shopkeeper, numbers=[number, "1Z?"], url=ear.url)
    assert status == 200
    assert answer == {"validTrackingNumbers": [number], "invalidTrackingNumbers": ["1Z?"]}
    assert sim.advance(number)["pushed"] == [200]
    assert sim.advance(other)["pushed"] == [None]
    assert ear.heard[0][0]["credential"] == "mine"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"numbers": []}, "VSS200"),
        ({"numbers": ["1Z"] * 101}, "VSS220"),
        ({"numbers": ["1Z?"]}, "VSS210"),
        ({"url": ""}, "VSS600"),
        ({"locale": "english"}, "VSS310"),
    ],
)
def test_a_wrong_subscription_is_refused(shopkeeper, sim, change, code):
    status, answer = subscribe(shopkeeper, **{"numbers": ["1ZA1B2C31129476057"], "url": "http://x/"} | change)
    assert (status, answer["response"]["errors"][0]["code"]) == (400, code)


def test_a_shop_that_does_not_listen_is_no_trouble(shopkeeper, sim):
    sim.control("webhook", carrier="ups", url="http://127.0.0.1:1/", secret="x")
    assert sim.advance(shopkeeper.ups_parcel())["pushed"] == [0]


def test_the_last_event_can_be_sent_again(shopkeeper, sim, ear):
    number = shopkeeper.ups_parcel()
    sim.advance(number)
    sim.control("webhook", carrier="ups", url=ear.url, secret="x")
    ear.status = 500
    assert sim.control("push", tracking_number=number)["pushed"] == [500]
    assert len(ear.heard) == 1


def subscribe(shopkeeper, *, numbers: list[str], url: str, locale: str = "en_US") -> tuple[int, dict]:
    destination = {"url": url, "credential": "mine", "credentialType": "Bearer"}
    body = {"locale": locale, "countryCode": "US", "trackingNumberList": numbers, "destination": destination}
    path = "/api/track/v1/subscription/standard/package"
    return shopkeeper.ups("POST", path, body, transId="1", transactionSrc="tests")


def test_the_configured_account_fits_a_tracking_number():
    assert len(tokens.UPS_ACCOUNT) == 6
