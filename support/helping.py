"""A customer's question becomes a ticket: it waits for us until we have answered, and for the customer after that.

A ticket belongs to an order only where its writer is known to be the buyer: the order's own e-mail address was given, or
the buyer wrote signed in. Any other number is kept as a claim, and the writer is not told which of the two it was.
Answers go to the ticket's address and nowhere else, with a link that opens the conversation.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from orders.models import Order
from shop.core import clock, events
from shop.core.errors import Refused
from shop.core.locks import lock
from shop.core.tokens import as_written
from support.models import Ticket, TicketMessage

ECHO_MINUTES = 10  # the same words again within this time are a second click, not a second message


class NothingSaid(Refused):
    """A message without words."""


class OvertakenByNews(Refused):
    """Somebody wrote after the page was opened from which this answer comes."""


@transaction.atomic
def open_ticket(
    email: str,
    *,
    text: str,
    topic: str = Ticket.Topic.OTHER,
    name: str = "",
    order_number: str = "",
    language: str = "",
    user=None,
) -> Ticket:
    """A new ticket with its first message. Raises NothingSaid."""
    text = _words(text)
    number = as_written(order_number)
    ticket = Ticket.objects.create(
        email=email.strip(),
        topic=topic,
        name=name.strip(),
        order=_order_of(number, email=email.strip(), user=user),
        claimed_order=number,
        user=user,
        language=language or translation.get_language() or "en",
    )
    TicketMessage.objects.create(ticket=ticket, author=user, text=text)
    events.record("ticket.opened", ticket, by=user)
    return ticket


@transaction.atomic
def reply(ticket: Ticket, *, text: str, seen: int | None = None, by) -> TicketMessage:
    """The shop answers; the customer gets it by mail. `seen` is the last message that the writer had before his eyes.

    Raises NothingSaid, OvertakenByNews.
    """
    text = _words(text)
    ticket = _locked(ticket)
    _refuse_if_overtaken(ticket, seen)
    message = _say(ticket, text, author=by, is_from_shop=True)
    if ticket.status != Ticket.Status.ANSWERED:
        ticket.move_to(Ticket.Status.ANSWERED)
    events.record("ticket_reply.sent", message, by=by)
    return message


@transaction.atomic
def note(ticket: Ticket, *, text: str, by) -> TicketMessage:
    """A word among staff: the customer never sees it, and it answers nothing. Raises NothingSaid."""
    text = _words(text)
    ticket = _locked(ticket)
    return ticket.messages.create(text=text, author=by, is_from_shop=True, is_internal=True)


@transaction.atomic
def customer_reply(ticket: Ticket, *, text: str, by=None) -> TicketMessage:
    """The customer writes again: the ticket waits for us, also when it was closed. Raises NothingSaid."""
    text = _words(text)
    ticket = _locked(ticket)
    if echo := _echo(ticket, text):
        return echo
    message = _say(ticket, text, author=by, is_from_shop=False)
    if ticket.status != Ticket.Status.OPEN:
        ticket.move_to(Ticket.Status.OPEN)
    events.record("ticket.continued", ticket, by=by)
    return message


@transaction.atomic
def close(ticket: Ticket, *, by) -> Ticket:
    """Done with. The customer may still write, which opens it again."""
    ticket = _locked(ticket)
    if ticket.status != Ticket.Status.CLOSED:
        ticket.move_to(Ticket.Status.CLOSED)
        events.record("ticket.closed", ticket, by=by)
    return ticket


@transaction.atomic
def reopen(ticket: Ticket, *, by) -> Ticket:
    """It was closed too early: it waits for us again."""
    ticket = _locked(ticket)
    if ticket.status == Ticket.Status.CLOSED:
        ticket.move_to(Ticket.Status.OPEN)
        events.record("ticket.reopened", ticket, by=by)
    return ticket


def _order_of(number: str, *, email: str, user) -> Order | None:
    order = Order.objects.filter(number=number).first() if number else None
    if order is None:
        return None
    is_buyer = user is not None and order.user_id == user.pk
    return order if is_buyer or order.email.lower() == email.lower() else None


def _words(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise NothingSaid(_("Enter a message."))
    return text


def _locked(ticket: Ticket) -> Ticket:
    return lock(Ticket.objects.filter(pk=ticket.pk)).get()


def _refuse_if_overtaken(ticket: Ticket, seen: int | None) -> None:
    if seen is not None and ticket.messages.filter(pk__gt=seen, is_internal=False).exists():
        raise OvertakenByNews(_("Somebody has written since you opened this page. Read that first."))


def _echo(ticket: Ticket, text: str) -> TicketMessage | None:
    last = ticket.messages.filter(is_internal=False).last()
    is_echo = (
        last
        and not last.is_from_shop
        and last.text == text
        and last.created_at > clock.now() - timedelta(minutes=ECHO_MINUTES)
    )
    return last if is_echo else None


def _say(ticket: Ticket, text: str, *, author, is_from_shop: bool) -> TicketMessage:
    message = ticket.messages.create(text=text, author=author, is_from_shop=is_from_shop)
    ticket.updated_at = message.created_at
    ticket.save(update_fields=["updated_at"])
    return message
