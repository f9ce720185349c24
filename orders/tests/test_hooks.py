"""The door for webhooks: what is kept, and what is sent away."""

import json
import time

import pytest
from django.db import DatabaseError

from orders.tests.hooking import URL, event, kept, post
from shop.core.models import Notice

pytestmark = pytest.mark.django_db


def test_a_signed_event_is_kept_and_kept_once(stripe, client):
    assert post(client, event()).status_code == 200
    assert post(client, event()).status_code == 200
    assert kept() == ["evt_1"]


def test_every_secret_is_tried(stripe, client, settings):
    settings.SHOP_STRIPE_WEBHOOK_SECRETS = ["whsec_new", "", "whsec_old"]
    for number, secret in enumerate(["whsec_new", "whsec_old"]):
        assert post(client, event(id=f"evt_{number}"), secret=secret).status_code == 200
    assert post(client, event(id="evt_3"), secret="whsec_older").status_code == 400
    assert len(kept()) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"signature": ""},
        {"signature": "t=1,v1=abc"},
        {"signature": "nonsense"},
        {"signature": "t=,v1="},
        {"secret": "whsec_wrong"},
        {"secret": ""},
        {"at": int(time.time()) - 301},
        {"at": int(time.time()) - 86_400},
    ],
)
def test_forged_and_stale_events_are_refused(stripe, client, wrong):
    """H13."""
    assert post(client, event(), **wrong).status_code == 400
    assert kept() == []


def test_without_any_secret_nothing_is_believed(stripe, client, settings):
    settings.SHOP_STRIPE_WEBHOOK_SECRETS = [""]
    assert post(client, event(), secret="").status_code == 400
    assert kept() == []


@pytest.mark.parametrize(
    "body",
    [
        event(livemode=True),
        "not json",
        "[]",
        "{}",
        json.dumps(event(data={})),
        json.dumps(event(data={"object": None})),
        json.dumps(event(object="charge")),
        json.dumps(event(id="")),
    ],
)
def test_signed_nonsense_and_the_other_mode_are_refused(stripe, client, body):
    assert post(client, body).status_code == 400
    assert kept() == []


def test_a_body_beyond_all_reason_is_not_read(stripe, client):
    assert post(client, event(filler="x" * 5_000_000)).status_code == 400
    assert kept() == []


@pytest.mark.parametrize("method", ["get", "put", "delete", "head"])
def test_only_posts_are_heard(stripe, client, method):
    assert getattr(client, method)(URL).status_code == 405


def test_without_stripe_there_is_no_such_page(client, settings):
    settings.SHOP_STRIPE_SECRET_KEY = ""
    assert post(client, event()).status_code == 404


def test_what_cannot_be_kept_is_never_answered_200(stripe, client, monkeypatch):
    """B24: Stripe must try again."""

    def down(*args, **kwargs):
        raise DatabaseError("gone")

    monkeypatch.setattr("orders.views.hooks.inbox.keep", down)
    client.raise_request_exception = False
    assert post(client, event()).status_code == 500


def test_nothing_personal_is_kept(stripe, client):
    intent = {
        "object": "payment_intent",
        "id": "pi_1",
        "client_secret": "pi_1_secret_x",
        "receipt_email": "ada@example.com",
        "metadata": {"attempt": "a", "note": "ring at Lovelace"},
        "shipping": {"name": "Ada Lovelace"},
    }
    post(client, event(data={"object": intent}))
    text = json.dumps(Notice.objects.get().payload)
    assert "ada@" not in text and "Lovelace" not in text and "secret" not in text
