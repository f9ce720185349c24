"""Pushes of carriers: only theirs, kept once, and never believed without asking."""

import base64
import hashlib
import hmac
import json

import pytest
from django.db.models.functions import Now

from fulfillment.models import Shipment
from fulfillment.tests.factories import make_order, send
from shop.core.models import Delivery, Notice

pytestmark = pytest.mark.django_db
SECRET = "told-to-nobody-else"


def ups_push(number: str, *, code="FS", kind="D", told="011") -> dict:
    return {
        "trackingNumber": number,
        "localActivityDate": "20261122",
        "localActivityTime": "101500",
        "gmtActivityDate": "20261122",
        "gmtActivityTime": "091500",
        "activityLocation": {"city": "Wien", "countryCode": "AT"},
        "activityStatus": {"type": kind, "code": code, "description": "DELIVERED", "descriptionCode": told},
    }


def push(client, house: str, body: bytes, secret: str = SECRET):
    if house == "ups":
        proof = {"HTTP_CREDENTIAL": secret}
    else:
        signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
        proof = {"HTTP_FDX_SIGNATURE": signature}
    return client.post(f"/hooks/{house}/", body, content_type="application/json", **proof)


@pytest.fixture
def parcel(carriers):
    return send(make_order(at="packed"), carrier="ups")


def test_a_push_makes_the_shop_look(client, parcel, carriers, deliver):
    carriers.stage(parcel.tracking_number, "out_for_delivery")

    answer = push(client, "ups", json.dumps(ups_push(parcel.tracking_number)).encode())
    deliver()

    parcel.refresh_from_db()
    notice = Notice.objects.get()
    assert (answer.status_code, notice.status) == (200, Notice.Status.APPLIED)
    assert (
        parcel.status == Shipment.Status.OUT_FOR_DELIVERY
    )  # what the carrier says when asked, not what the push said


def test_the_same_push_ten_times_is_kept_once_and_asked_about_once(client, parcel, carriers, deliver):
    body = json.dumps(ups_push(parcel.tracking_number)).encode()
    for _ in range(10):
        assert push(client, "ups", body).status_code == 200
    deliver()
    assert Notice.objects.count() == 1
    assert len(carriers.requests("ups.track")) == 1


def test_a_push_waits_while_the_carrier_is_down(client, parcel, carriers, deliver):
    carriers.fail("ups.track", "error", status=503)
    push(client, "ups", json.dumps(ups_push(parcel.tracking_number)).encode())
    deliver()
    assert Notice.objects.get().status == Notice.Status.PENDING
    carriers.stage(parcel.tracking_number, "in_transit")
    Delivery.objects.update(due_at=Now())
    deliver()
    assert Notice.objects.get().status == Notice.Status.APPLIED


def test_a_parcel_of_somebody_else_is_unmatched(client, carriers, deliver):
    push(client, "ups", json.dumps(ups_push("1Z9999999999999999")).encode())
    deliver()
    assert Notice.objects.get().status == Notice.Status.UNMATCHED


def test_a_parcel_that_arrived_needs_no_more_asking(client, parcel, carriers, deliver):
    Shipment.objects.update(status="delivered", delivered_at=Now())
    push(client, "ups", json.dumps(ups_push(parcel.tracking_number)).encode())
    deliver()
    assert Notice.objects.get().status == Notice.Status.IGNORED
    assert carriers.requests("ups.track") == []


def test_the_simulators_own_push_is_understood(parcel, carriers, deliver, live_server, settings):
    settings.ALLOWED_HOSTS = ["*"]
    carriers.control("webhook", carrier="ups", url=f"{live_server.url}/hooks/ups/", secret=SECRET)
    assert carriers.stage(parcel.tracking_number, "delivered")["pushed"] == [200]


@pytest.mark.parametrize("house", ["ups", "fedex"])
@pytest.mark.parametrize("secret", ["", "guess", "told-to-nobody-els"])
def test_refuses_whoever_does_not_know_the_secret_and_keeps_nothing(client, carriers, house, secret):
    answer = push(client, house, json.dumps(ups_push("1Z")).encode(), secret)
    assert answer.status_code == 400
    assert not Notice.objects.exists()


@pytest.mark.parametrize("house", ["ups", "fedex"])
def test_refuses_everything_while_no_secret_is_set(client, carriers, house, settings):
    settings.SHOP_UPS_WEBHOOK_CREDENTIAL = settings.SHOP_FEDEX_WEBHOOK_TOKEN = ""
    assert push(client, house, json.dumps(ups_push("1Z")).encode(), "").status_code == 400


@pytest.mark.parametrize("house", ["ups", "fedex"])
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"{}", b"x" * 600_000])
def test_what_cannot_be_read_is_refused(client, carriers, house, body):
    assert push(client, house, body).status_code == 400
    assert not Notice.objects.exists()


def test_a_number_with_a_null_in_it_is_no_parcel(client, carriers):
    assert push(client, "ups", json.dumps(ups_push("1Z\x00")).encode()).status_code == 200
    assert not Notice.objects.exists()


@pytest.mark.parametrize("house", ["ups", "fedex"])
def test_only_posts(client, house):
    assert client.get(f"/hooks/{house}/").status_code == 405


def test_keeps_no_address(client, parcel, carriers):
    push(client, "ups", json.dumps(ups_push(parcel.tracking_number)).encode())
    assert set(Notice.objects.get().payload) == {"tracking_number", "status", "events"}
