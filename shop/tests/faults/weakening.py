"""The named guards that the race tests rely on, and how each is taken away: in this process by `weaken`, in a process of
its own by the environment (FAULTS_WITHOUT). A race whose control does not fail proves nothing.
"""

import os
import time
from collections.abc import Callable

from django.apps import AppConfig

Put = Callable[[object, str, object], None]
PAUSE = 0.15  # everybody has looked before anybody writes


class Weakened(AppConfig):
    """Last of the installed apps of a process under test."""

    name = "shop.tests.faults"
    label = "faults"

    def ready(self) -> None:
        for guard in filter(None, os.environ.get("FAULTS_WITHOUT", "").split(",")):
            weaken(guard, put=setattr)


def weaken(guard: str, *, put: Put) -> None:
    """Take `guard` away; `put` is setattr, or monkeypatch.setattr where it must come back."""
    GUARDS[guard](put)


def _stock(put: Put) -> None:
    """The stock rows' lock and the condition of the UPDATE: what is left is check, then act."""
    from django.db.models import F

    from catalog import ledger, stock
    from catalog.models import StockItem

    def look(which):
        rows = {i.pk: i for i in StockItem.objects.filter(which).select_related("location", "variant")}
        time.sleep(PAUSE)
        return rows

    def write(changes):
        for item, change in changes.items():
            StockItem.objects.filter(pk=item).update(
                on_hand=F("on_hand") + change.on_hand, reserved=F("reserved") + change.reserved
            )

    put(stock, "locked", look)
    put(ledger, "_write", write)


def _lock_order(put: Put) -> None:
    """Rows are locked one after the other as they come, each second caller the other way round."""
    from itertools import count

    from catalog import stock
    from catalog.models import StockItem

    calls = count()

    def lock_as_they_come(which):
        keys = sorted(
            StockItem.objects.filter(which).values_list("pk", flat=True), reverse=next(calls) % 2 > 0
        )
        found = {}
        for key in keys:
            row = StockItem.objects.select_related("location", "variant").select_for_update(of=("self",))
            found[key] = row.get(pk=key)
            time.sleep(PAUSE)
        return found

    put(stock, "locked", lock_as_they_come)


def _outbox(put: Put) -> None:
    """What follows is handed to the broker at once instead of being written in the same transaction."""
    from shop.core import events
    from shop.core.models import Event

    def record(name, subject, *, by=None, **data):
        event = Event.objects.create(
            name=name, subject_type=subject._meta.label_lower, subject_id=subject.pk, data=data
        )
        for task in events._reactions.get(name, []):
            task.apply_async(args=[subject.pk], queue=events.queue_of(task))
        return event

    put(events, "record", record)


def _lease(put: Put) -> None:
    """Work is taken without a lease that outlasts it."""
    from shop.core import outbox

    put(outbox, "LEASE_SECONDS", 1)


def _checkout_once(put: Put) -> None:
    """The checkout's lock, under which a second press finds the first one's order."""
    from checkout.models import Checkout
    from orders import placing

    real = placing.lock

    def lock(queryset, **options):
        if queryset.model is not Checkout:
            return real(queryset, **options)
        time.sleep(PAUSE)
        return queryset

    put(placing, "lock", lock)


def _notice_once(put: Put) -> None:
    """A notice is looked for, and kept when it was not there; the UNIQUE behind it is the test's to drop."""
    from shop.core import events, inbox
    from shop.core.models import Notice

    def keep(provider, *, external_id, kind, object_id, payload, event, happened_at=None):
        if Notice.objects.filter(provider=provider, external_id=external_id).exists():
            return None
        time.sleep(PAUSE)
        notice = Notice.objects.create(
            provider=provider,
            external_id=external_id,
            kind=kind,
            object_id=object_id,
            payload=payload,
            happened_at=happened_at,
        )
        events.record(event, notice)
        return notice

    put(inbox, "keep", keep)


GUARDS = {
    "stock": _stock,
    "lock-order": _lock_order,
    "outbox": _outbox,
    "lease": _lease,
    "checkout-lock": _checkout_once,
    "notice-once": _notice_once,
}
