"""The mails of a conversation. All of them carry its link as a secret: it lets the reader read on and answer."""

from django.utils import translation

from shop.core import mail
from shop.core.http import absolute
from shop.core.models import Message
from support.models import Ticket, TicketMessage


def send_copy(ticket: Ticket) -> Message:
    """What the customer wrote, for his own files, with the number to quote."""
    return _send("ticket_received", ticket, ticket.messages.all()[0], key=f"ticket:{ticket.pk}")


def send_reply(message: TicketMessage) -> Message:
    """What the shop answered."""
    return _send("ticket_reply", message.ticket, message, key=f"message:{message.pk}")


def _send(name: str, ticket: Ticket, message: TicketMessage, *, key: str) -> Message:
    with translation.override(ticket.language):
        link = absolute(ticket.get_absolute_url())
    return mail.send(
        name,
        to=ticket.email,
        context={"ticket": ticket, "words": message.text, "said_by_shop": message.is_from_shop},
        secrets={"link": link},
        key=key,
        language=ticket.language,
        about=ticket,
        thread=f"ticket-{ticket.number}",
    )
