"""What is looked at again, and how far back."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from checkout.gateways import stripe_notices
from orders import reconciling
from orders.noticing import apply_notice
from orders.tasks import settle_payments
from shop.core.models import Notice

pytestmark = pytest.mark.django_db


def make_notice(external_id, *, at=None, **payload):
    return Notice.objects.create(
        provider="stripe",
        external_id=external_id,
        kind="payment_intent.succeeded",
        payload=payload,
        happened_at=at or datetime.now(UTC),
    )


def test_events_of_an_outage_are_asked_for_although_a_newer_one_has_arrived():
    now = datetime.now(UTC).replace(microsecond=0)
    make_notice("evt_before", at=now - timedelta(hours=5))
    make_notice("evt_after", at=now - timedelta(seconds=5))
    assert reconciling._since() == now - timedelta(hours=6)


def test_the_newest_event_is_found_by_its_index():
    for n in range(30):
        make_notice(f"evt_{n}", at=datetime.now(UTC) - timedelta(hours=n))
    with CaptureQueriesContext(connection) as asked:
        reconciling._since()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {asked.captured_queries[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert len(asked) == 1 and "using notice_happened" in plan, plan


def test_an_event_is_kept_with_the_moment_at_which_it_happened(stripe):
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    event = {
        "id": "evt_1",
        "type": "payment_intent.succeeded",
        "created": int(moment.timestamp()),
        "data": {"object": {"object": "payment_intent", "id": "pi_1"}},
    }
    assert stripe_notices.notice(event).happened_at == moment
    for nonsense in (None, 0, "x", 10**20):
        assert stripe_notices.notice(event | {"created": nonsense}).happened_at is None


def test_without_any_event_three_days_are_asked_for():
    make_notice("evt_first", at=datetime.now(UTC))
    assert datetime.now(UTC) - reconciling._since() > timedelta(hours=71)


def test_another_shops_payment_is_none_of_ours(settings):
    settings.SHOP_URL = "https://ours.example"
    theirs = make_notice("evt_theirs", attempt=str(uuid4()), shop="theirs.example")
    ours = make_notice("evt_ours", attempt=str(uuid4()), shop="ours.example")
    apply_notice(theirs)
    apply_notice(ours)
    assert (theirs.status, ours.status) == (Notice.Status.IGNORED, Notice.Status.UNMATCHED)


def test_what_matched_nothing_for_days_is_left_alone(settings):
    settings.SHOP_URL = "https://ours.example"
    old, new = (make_notice(name, attempt=str(uuid4())) for name in ("evt_old", "evt_new"))
    settle_payments()
    Notice.objects.filter(pk=old.pk).update(received_at=Now() - timedelta(days=4))
    assert reconciling.due().notices == [new]
