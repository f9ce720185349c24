"""The outbox: deliveries are leased one at a time, run, and marked done only when the reaction returned.

Truth is in PostgreSQL; Celery and Redis merely wake somebody up. A worker that dies keeps its lease until it runs out,
then another takes over. Failures back off; after MAX_ATTEMPTS a delivery is parked, where staff see it and retry it.
"""

import logging
import random
import time
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from shop.core import events
from shop.core.faultpoints import faultpoint
from shop.core.models import Delivery

MAX_ATTEMPTS = 8
LEASE_SECONDS = 120
BACK_OFF_SECONDS = [5, 15, 60, 300, 900, 3600, 3600]
REST_SECONDS = 5.0  # a broker that failed is left alone: it costs a page one short wait, not one a queue

log = logging.getLogger(__name__)
_rests_until = 0.0


def poke(queue: str) -> None:
    """Tell a worker that there is work. Never raises and never waits long: the sweeper finds it anyway."""
    global _rests_until
    if time.monotonic() < _rests_until:
        return
    try:
        current_app.send_task(
            "shop.core.tasks.drain", kwargs={"queue": queue}, queue=queue, retry=False, ignore_result=True
        )
    except (OperationalError, OSError) as error:
        _rests_until = time.monotonic() + REST_SECONDS
        log.warning("no worker was woken, the sweeper will find the work: %s", error)


def deliver_due(*, queue: str | None = None, limit: int = 500) -> int:
    """Run what is due, at most `limit` deliveries; returns how many were tried."""
    tried = 0
    while tried < limit and (delivery := _lease(queue)):
        _run(delivery)
        tried += 1
    return tried


def retry(delivery: Delivery, *, by: Any = None) -> None:
    """Put a parked delivery back in the queue."""
    with transaction.atomic():
        delivery.parked_at, delivery.attempts = None, 0
        delivery.save(update_fields=["parked_at", "attempts"])
        Delivery.objects.filter(pk=delivery.pk).update(due_at=Now(), lease_until=None)
        events.record("delivery.retried", delivery, by=by, reaction=delivery.reaction)
        transaction.on_commit(lambda: poke(delivery.queue), robust=True)


def _lease(queue: str | None) -> Delivery | None:
    """Takes the next due row away from everybody else; one statement, its own transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE core_delivery
                SET lease_until = statement_timestamp() + make_interval(secs => %s), attempts = attempts + 1
                WHERE id = (SELECT id FROM core_delivery
                    WHERE done_at IS NULL AND parked_at IS NULL AND due_at <= statement_timestamp()
                    AND (%s::text IS NULL OR queue = %s)
                    AND (lease_until IS NULL OR lease_until < statement_timestamp())
                    ORDER BY due_at FOR UPDATE SKIP LOCKED LIMIT 1)
                RETURNING id""",
            [LEASE_SECONDS, queue, queue],
        )
        row = cursor.fetchone()
    return row and Delivery.objects.select_related("event").get(pk=row[0])


def _run(delivery: Delivery) -> None:
    faultpoint("outbox.leased")
    if delivery.attempts > MAX_ATTEMPTS:
        return _park(delivery, delivery.last_error or "the worker died each time")
    task = events.reaction_named(delivery.reaction)
    if task is None:
        return _park(delivery, "shop/reactions.py no longer knows this task")
    try:
        task(delivery.event.subject_id)
    except Exception as error:
        log.exception("reaction failed", extra={"reaction": delivery.reaction, "event": delivery.event_id})
        _put_off(delivery, f"{type(error).__name__}: {error}"[:2000])
    else:
        Delivery.objects.filter(pk=delivery.pk).update(done_at=Now(), lease_until=None, last_error="")


def _put_off(delivery: Delivery, error: str) -> None:
    if delivery.attempts >= MAX_ATTEMPTS:
        return _park(delivery, error)
    seconds = BACK_OFF_SECONDS[min(delivery.attempts, len(BACK_OFF_SECONDS)) - 1] * random.uniform(0.8, 1.2)
    Delivery.objects.filter(pk=delivery.pk).update(
        due_at=Now() + timedelta(seconds=seconds), lease_until=None, last_error=error
    )


def _park(delivery: Delivery, error: str) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(parked_at=Now(), lease_until=None, last_error=error)
    log.error("delivery parked", extra={"delivery": delivery.pk, "reaction": delivery.reaction})
