"""What happened is recorded in the transaction in which it happened, together with what must follow.

`record` writes one immutable Event and one Delivery for each task that shop/reactions.py lists under its name. If the
transaction is rolled back, neither ever existed; once it commits, a worker is poked and, poked or not, the work gets done.
"""

from collections.abc import Callable, Iterable
from typing import Any

from celery import Task
from django.db import models, transaction

from shop.core import many
from shop.core.models import Delivery, Event

_reactions: dict[str, list[Task]] = {}


def register(reactions: dict[str, list[Task]]) -> None:
    _reactions.clear()
    _reactions.update(reactions)


def reaction_named(name: str) -> Task | None:
    return next((task for tasks in _reactions.values() for task in tasks if task.name == name), None)


def record(name: str, subject: models.Model, *, by: Any = None, **data: Any) -> Event:
    """`name` is noun.past_participle; `data` holds ids, our own words and amounts, never personal data."""
    event = Event.objects.create(
        name=name,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        actor=by if getattr(by, "pk", None) else None,
        data=data,
    )
    tasks = _reactions.get(name, [])
    Delivery.objects.bulk_create(
        Delivery(event=event, reaction=task.name, queue=queue_of(task)) for task in tasks
    )
    for queue in {queue_of(task) for task in tasks}:
        transaction.on_commit(_waking(queue), robust=True)
    return event


def record_many(
    name: str, subjects: Iterable[tuple[models.Model, dict[str, Any]]], *, by: Any = None
) -> list[Event]:
    """The same event of many subjects of one kind, each with its data, in a constant number of queries."""
    actor = by if getattr(by, "pk", None) else None
    events = many.insert(
        Event(
            name=name, subject_type=subject._meta.label_lower, subject_id=subject.pk, actor=actor, data=data
        )
        for subject, data in subjects
    )
    tasks = _reactions.get(name, [])
    many.insert(
        Delivery(event=event, reaction=task.name, queue=queue_of(task)) for event in events for task in tasks
    )
    for queue in {queue_of(task) for task in tasks if events}:
        transaction.on_commit(_waking(queue), robust=True)
    return events


def timeline_of(*subjects: models.Model) -> models.QuerySet[Event]:
    """The events of these objects, oldest first, with their actors."""
    wanted = models.Q(pk=None)
    for subject in subjects:
        wanted |= models.Q(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    return Event.objects.filter(wanted).select_related("actor").order_by("created_at", "pk")


def queue_of(task: Task) -> str:
    """The queue whose workers run it: `@shared_task(lane="mail")`, else "default"."""
    return getattr(task, "lane", None) or "default"


def _waking(queue: str) -> Callable[[], None]:
    from shop.core.outbox import poke

    def wake() -> None:
        poke(queue)

    return wake
