"""Pushes: only from whoever knows the secret, and in the same words as tracking."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from checkout.carriers import Status, WebhookRefused
from checkout.carriers.tests.conftest import WEBHOOK_SECRET, only_fedex, only_ups


class Listener(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((body, dict(self.headers.items())))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *values) -> None:
        pass


@pytest.fixture
def ear() -> Iterator[HTTPServer]:
    """The shop's end of the line."""
    server = HTTPServer(("127.0.0.1", 0), Listener)
    server.heard = []
    server.url = f"http://127.0.0.1:{server.server_port}/hooks/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def pushed(ship, each, sim, ear):
    """A parcel that is out for delivery, and the push that says so."""
    number = ship().tracking_number
    sim.control("webhook", carrier=each.code, url=ear.url, secret=WEBHOOK_SECRET)
    sim.stage(number, "out_for_delivery")
    [(body, headers)] = ear.heard
    return number, body, headers


def test_reads_what_the_carrier_pushes(each, pushed):
    number, body, headers = pushed
    [report] = each.parse_webhook(body, headers)
    assert report.tracking_number == number
    assert (report.status, report.delivered_at) == (Status.OUT_FOR_DELIVERY, None)
    [told], [asked] = report.events, each.track(number).events
    assert (told.status, told.code, told.at) == (asked.status, asked.code, asked.at)


def test_header_names_have_no_case(each, pushed):
    _number, body, headers = pushed
    assert each.parse_webhook(body, {name.upper(): value for name, value in headers.items()})


@pytest.mark.parametrize("shown", [None, "", "guess", "ü"])
def test_refuses_whoever_does_not_know_the_secret(each, pushed, shown):
    _number, body, _headers = pushed
    name = {"ups": "credential", "fedex": "fdx-signature"}[each.code]
    with pytest.raises(WebhookRefused):
        each.parse_webhook(body, {} if shown is None else {name: shown})


def test_refuses_everything_while_no_secret_is_set(each, pushed, settings):
    _number, body, headers = pushed
    settings.SHOP_UPS_WEBHOOK_CREDENTIAL = settings.SHOP_FEDEX_WEBHOOK_TOKEN = ""
    for shown in (headers, {"credential": "", "fdx-signature": ""}):
        with pytest.raises(WebhookRefused):
            each.parse_webhook(body, shown)


@only_fedex
def test_a_signature_is_good_for_one_body_only(each, pushed):
    _number, body, headers = pushed
    with pytest.raises(WebhookRefused):
        each.parse_webhook(body.replace(b"OD", b"DL"), headers)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"{}", b'{"activityStatus": 1}', b'{"output": []}', b"\xff"]
)
def test_a_body_that_makes_no_sense_is_refused(each, sim, body):
    with pytest.raises(WebhookRefused):
        each.parse_webhook(body, _proof(each, body))


def test_watching_a_parcel_brings_pushes_where_the_carrier_is_asked(ship, each, sim, ear):
    number = ship().tracking_number
    each.watch(number, url=ear.url)
    sim.stage(number, "delivered")
    if each.code == "fedex":
        assert ear.heard == []  # FedEx is told in its portal, once for all parcels
    else:
        [(body, headers)] = ear.heard
        assert each.parse_webhook(body, headers)[0].status == Status.DELIVERED


@only_ups
def test_a_ups_push_pads_its_tracking_number_sometimes(each, pushed):
    number, body, headers = pushed
    event = json.loads(body) | {"trackingNumber": f" {number}"}
    [report] = each.parse_webhook(json.dumps(event).encode(), headers)
    assert report.tracking_number == number


def _proof(each, body: bytes) -> dict[str, str]:
    import base64
    import hashlib
    import hmac

    if each.code == "ups":
        return {"credential": WEBHOOK_SECRET}
    digest = hmac.new(WEBHOOK_SECRET.encode(), body, hashlib.sha256).digest()
    return {"fdx-signature": base64.b64encode(digest).decode()}
