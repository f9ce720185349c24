"""Thin doors for workers."""

from celery import shared_task

from shop.core import mail, outbox
from shop.core.models import Message


@shared_task
def drain(queue: str) -> int:
    """Deliver what is due in this queue."""
    return outbox.deliver_due(queue=queue)


@shared_task(queue="mail")
def deliver_message(message_id: int) -> None:
    mail.deliver(Message.objects.get(pk=message_id))
