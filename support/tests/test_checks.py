"""Each check finds what it is for, and finds nothing where all is well."""

import pytest

from shop.core import integrity
from support import helping
from support.models import Ticket, TicketMessage
from support.tests.factories import make_bare_order, make_staff, make_ticket

pytestmark = pytest.mark.django_db


def broken() -> set[str]:
    return {code for code, found in integrity.run(["T0"]).items() if found}


def test_a_sound_inbox_is_clean():
    order, grace = make_bare_order(), make_staff()
    ticket = make_ticket(order_number=order.number)
    helping.reply(ticket, text="Soon.", by=grace)
    helping.close(ticket, by=grace)
    make_ticket("eve@example.com", order_number=order.number)
    assert broken() == set()


def test_finds_a_ticket_tied_to_anothers_order():
    ticket = make_ticket("eve@example.com")
    Ticket.objects.filter(pk=ticket.pk).update(order=make_bare_order())
    assert broken() == {"T01-ticket-order"}


def test_finds_an_answered_ticket_whose_customer_spoke_last():
    Ticket.objects.filter(pk=make_ticket().pk).update(status=Ticket.Status.ANSWERED)
    assert broken() == {"T02-ticket-status"}


def test_finds_a_ticket_without_words():
    TicketMessage.objects.filter(ticket=make_ticket()).delete()
    assert broken() == {"T03-ticket-words"}
