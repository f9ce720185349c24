"""Thin doors for workers."""

from celery import shared_task

from support import mails
from support.models import Ticket, TicketMessage


@shared_task(lane="mail")
def send_ticket_copy(ticket_id: int) -> None:
    mails.send_copy(Ticket.objects.get(pk=ticket_id))


@shared_task(lane="mail")
def send_ticket_reply(message_id: int) -> None:
    mails.send_reply(TicketMessage.objects.select_related("ticket").get(pk=message_id))
