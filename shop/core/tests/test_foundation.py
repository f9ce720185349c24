"""Small parts of the foundation, each with its promise."""

import socket
import time

import pytest
from django import forms
from django.core.cache import caches
from django.db import transaction
from django.test.html import parse_html

from shop.core import clock, inbox, integrity, limits, tokens
from shop.core.cache import REST_SECONDS, TIMEOUT_SECONDS, FailOpenRedisCache
from shop.core.models import Delivery, Event, Notice, Page
from shop.core.states import IllegalMove
from shop.core.widgets import LongSelect


def notice(external_id="evt_1", **payload):
    return inbox.keep(
        "stripe",
        external_id=external_id,
        kind="payment_intent.succeeded",
        object_id="pi_1",
        payload=payload,
        event="page.read",
    )


@pytest.mark.django_db
class TestInbox:
    def test_keeps_a_notice_once(self):
        assert notice()
        assert notice() is None
        assert Notice.objects.count() == Event.objects.count() == 1

    def test_keeps_what_the_database_would_not(self):
        kept = notice(text="a\0b", deep=[{"c\0": "\\u0000"}])
        kept.refresh_from_db()
        assert kept.payload == {"text": "ab", "deep": [{"c": "\\u0000"}]}

    def test_moves_forward_only(self):
        kept = notice()
        inbox.close(kept, Notice.Status.APPLIED)
        inbox.close(kept, Notice.Status.IGNORED)
        kept.refresh_from_db()
        assert kept.status == Notice.Status.APPLIED
        with pytest.raises(IllegalMove):
            kept.move_to(Notice.Status.PENDING)

    def test_notices_a_lost_race(self):
        kept = notice()
        stale = Notice.objects.get(pk=kept.pk)
        kept.move_to(Notice.Status.APPLIED)
        with pytest.raises(IllegalMove, match="changed meanwhile"):
            stale.move_to(Notice.Status.IGNORED)


@pytest.mark.django_db
class TestLimits:
    def test_refuses_above_the_limit_and_says_for_how_long(self):
        assert [limits.hit("lookup:ada", limit=2, seconds=3600) for _ in range(2)] == [1, 2]
        with pytest.raises(limits.TooMany) as refused:
            limits.hit("lookup:ada", limit=2, seconds=3600)
        assert 0 < refused.value.data["seconds"] <= 3600

    def test_counts_each_bucket_apart(self):
        limits.hit("lookup:ada", limit=1, seconds=60)
        limits.hit("lookup:eve", limit=1, seconds=60)


class TestCache:
    def test_a_dead_server_is_a_miss_not_an_error(self, settings):
        settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
        caches.settings = caches.configure_settings(settings.CACHES)
        dead = caches.create_connection("default")
        type(dead)._rests_until = 0.0
        try:
            dead.set("a", 1)
            assert dead.get("a", "nothing") == "nothing"
            assert dead.get_or_set("a", 2) == 2
        finally:
            type(dead)._rests_until = 0.0

    def test_a_server_that_never_answers_costs_one_short_wait(self, monkeypatch):
        monkeypatch.setattr(FailOpenRedisCache, "_rests_until", 0.0)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            hung = FailOpenRedisCache(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", {})
            began = time.monotonic()
            assert hung.get("a", "nothing") == "nothing"
            first = time.monotonic() - began
            assert TIMEOUT_SECONDS <= first < 2 * TIMEOUT_SECONDS, "one wait, no second try"
            assert hung.get_many(["a", "b"]) == {}
            assert time.monotonic() - began - first < 0.05, "then it is left alone"
            assert FailOpenRedisCache._rests_until > began + REST_SECONDS - 1


@pytest.mark.django_db
class TestIntegrity:
    def test_names_a_parked_delivery(self):
        kept = notice()
        event = Event.objects.get(subject_id=kept.pk)
        Delivery.objects.create(event=event, reaction="gone", parked_at=clock.now(), last_error="boom")
        found = integrity.run(["N17-parked"])
        assert "boom" in found["N17-parked"][0]

    def test_reads_one_snapshot_and_writes_nothing(self):
        assert set(integrity.run(["N21"])) == {"N21-triggers", "N21-secrets"}


@pytest.mark.django_db
def test_demo_history_happens_when_it_happened():
    then = clock.now().replace(year=2020)
    page = Page.objects.create(slug="a", title="A", body="")
    with clock.at(then), transaction.atomic():
        from shop.core import events

        assert events.record("page.read", page).created_at == then
    assert clock.now() > then


def test_numbers_are_easy_to_read_aloud():
    number = tokens.readable_number()
    assert len(number) == 9 and number[4] == "-"
    assert not set("0O1IL2Z5S8B") & set(number)
    assert len(tokens.secret_token()) >= 32


def test_a_long_select_box_writes_what_djangos_own_does():
    choices = [("AT", "Austria"), ("X", '<b>"odd"</b>'), ("", "Choose …")]
    for value in ("AT", "X", "", None):
        ours, djangos = (
            one(attrs={"autocomplete": "country"}, choices=choices).render("country", value)
            for one in (LongSelect, forms.Select)
        )
        assert parse_html(ours) == parse_html(djangos)
