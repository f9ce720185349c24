"""Thin doors for workers."""

from celery import shared_task
from django.core.management import call_command

from shop.core import limits, mail, outbox
from shop.core.models import Message


@shared_task
def drain(queue: str) -> int:
    """Deliver what is due in this queue."""
    return outbox.deliver_due(queue=queue)


@shared_task(lane="mail")
def deliver_message(message_id: int) -> None:
    mail.deliver(Message.objects.get(pk=message_id))


@shared_task
def tidy() -> None:
    """Drop what nobody needs any more: counted tries of past days, sessions that have ended."""
    limits.forget_old()
    call_command("clearsessions")
