from datetime import timedelta

import pytest
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from shop.celery import app
from shop.core import events, outbox
from shop.core.models import Delivery, Event, Page
from shop.core.tasks import drain
from shop.schedule import SCHEDULE

RAN = []


@shared_task(name="test.note")
def note(subject_id):
    RAN.append(subject_id)


@shared_task(name="test.mail", lane="mail")
def note_by_mail(subject_id):
    RAN.append(subject_id)


@shared_task(name="test.fail")
def fail(subject_id):
    raise RuntimeError("the printer is on fire")


@pytest.fixture(autouse=True)
def _reactions():
    from shop.reactions import REACTIONS

    RAN.clear()
    events.register({"page.read": [note], "page.burnt": [fail, note]})
    yield
    events.register(REACTIONS)


@pytest.fixture
def policy(db):
    return Page.objects.create(slug="terms", title="Terms", body="")


def test_runs_each_reaction_once(policy):
    events.record("page.read", policy)
    assert outbox.deliver_due() == 1
    assert outbox.deliver_due() == 0
    assert [policy.pk] == RAN


def test_failure_of_one_reaction_leaves_the_other_alone(policy):
    events.record("page.burnt", policy)
    outbox.deliver_due()
    failed = Delivery.objects.get(reaction="test.fail")
    assert [policy.pk] == RAN
    assert (failed.done_at, failed.attempts) == (None, 1)
    assert "on fire" in failed.last_error
    assert failed.due_at > timezone.now()


def test_parks_what_fails_every_time_and_staff_may_retry_it(policy):
    events.record("page.burnt", policy)
    for _ in range(outbox.MAX_ATTEMPTS):
        Delivery.objects.open().update(due_at=timezone.now() - timedelta(seconds=1))
        outbox.deliver_due()
    parked = Delivery.objects.parked().get()
    assert parked.reaction == "test.fail"
    outbox.retry(parked)
    assert Delivery.objects.due().get() == parked


def test_takes_over_from_a_worker_that_died(policy):
    events.record("page.read", policy)
    assert outbox._lease(None)
    assert outbox.deliver_due() == 0, "the lease of the dead worker still runs"
    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert outbox.deliver_due() == 1
    assert [policy.pk] == RAN


def test_parks_what_kills_its_worker_each_time(policy):
    events.record("page.read", policy)
    for _ in range(outbox.MAX_ATTEMPTS):
        assert outbox._lease(None)
        Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    outbox.deliver_due()
    assert Delivery.objects.parked().get().last_error == "the worker died each time"
    assert RAN == []


def test_a_task_runs_in_its_lane(policy):
    events.register({"page.read": [note, note_by_mail]})
    events.record("page.read", policy)
    assert dict(Delivery.objects.values_list("reaction", "queue")) == {
        "test.note": "default",
        "test.mail": "mail",
    }
    assert outbox.deliver_due(queue="media") == 0
    assert outbox.deliver_due(queue="mail") == 1
    assert outbox.deliver_due() == 1


def test_what_the_schedule_sends_goes_to_the_lane_of_its_task():
    """Beat knows a task only by name, so the schedule says the queue once more."""
    app.loader.import_default_modules()
    for line, entry in SCHEDULE.items():
        if entry["task"] != drain.name:
            sent_to = entry.get("options", {}).get("queue", "default")
            assert sent_to == events.queue_of(app.tasks[entry["task"]]), line


def test_rolled_back_work_leaves_no_trace(policy):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.record("page.read", policy)
        raise ZeroDivisionError
    assert not Event.objects.exists()
    assert outbox.deliver_due() == 0


def test_history_cannot_be_changed(policy):
    event = events.record("page.read", policy)
    for change in (lambda: Event.objects.filter(pk=event.pk).update(name="x.y"), event.delete):
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_a_dead_redis_does_not_stop_the_business(settings, policy):
    broker = app.conf.broker_url
    app.conf.broker_url = "redis://127.0.0.1:1/0"
    app.pool.force_close_all()
    try:
        events.record("page.read", policy)
    finally:
        app.conf.broker_url = broker
    assert outbox.deliver_due() == 1
