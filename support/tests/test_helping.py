"""Tickets: whose turn it is, whose order it may be about, and who gets which mail."""

from datetime import timedelta

import pytest
from django.core import mail as outgoing

from shop.core import clock, outbox
from shop.core.models import Event, Message
from support import helping
from support.models import Ticket, TicketMessage
from support.tests.factories import make_bare_order, make_person, make_staff, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def grace(db):
    return make_staff()


def test_a_new_ticket_waits_for_us_and_mails_a_copy():
    ticket = make_ticket(name="Ada")
    outbox.deliver_due()

    assert (ticket.status, ticket.messages.get().text) == (Ticket.Status.OPEN, "Where is my parcel?")
    [mail] = outgoing.outbox
    assert mail.to == ["ada@example.com"]
    assert ticket.number in mail.subject
    assert "Where is my parcel?" in mail.body
    assert f"http://testserver/tickets/{ticket.token}/" in mail.body


def test_the_link_is_not_in_the_stored_mail():
    ticket = make_ticket()
    outbox.deliver_due()

    stored = Message.objects.get()
    assert ticket.token not in stored.text + stored.html
    assert stored.sealed is None


def test_belongs_to_the_order_of_the_same_address_whatever_its_case():
    order = make_bare_order()
    ticket = make_ticket("Ada@Example.com", order_number=f" #{order.number.lower().replace('-', '')} ")
    assert (ticket.order, ticket.claimed_order) == (order, order.number)


def test_a_strangers_claim_ties_nothing():
    order = make_bare_order()
    ticket = make_ticket("eve@example.com", order_number=order.number)
    assert (ticket.order, ticket.claimed_order) == (None, order.number)


def test_the_buyer_signed_in_may_write_from_another_address():
    ada = make_person()
    order = make_bare_order(user=ada)
    assert make_ticket("ada@work.example", order_number=order.number, user=ada).order == order


def test_signed_in_as_somebody_else_ties_nothing():
    order = make_bare_order(user=make_person())
    assert (
        make_ticket("eve@x.example", order_number=order.number, user=make_person("eve@x.example")).order
        is None
    )


@pytest.mark.parametrize("number", ["", "   ", "NOPE", "0" * 200, "'; DROP TABLE", "ÄÖÜ-ẞẞẞẞ"])
def test_a_number_that_is_none_ties_nothing(number):
    make_bare_order()
    assert make_ticket(order_number=number).order is None


def test_an_answer_waits_for_the_customer_and_is_mailed_in_the_same_thread(grace):
    ticket = make_ticket()
    helping.reply(ticket, text="It is on its way.", by=grace)
    outbox.deliver_due()

    ticket.refresh_from_db()
    assert ticket.status == Ticket.Status.ANSWERED
    copy, answer = outgoing.outbox
    assert "It is on its way." in answer.body
    assert (
        answer.extra_headers["References"]
        == copy.extra_headers["References"]
        == f"<ticket-{ticket.number}@testserver>"
    )


def test_an_answer_is_mailed_in_the_customers_language(grace):
    helping.reply(make_ticket(language="de"), text="Unterwegs.", by=grace)
    outbox.deliver_due()
    assert "/de/tickets/" in outgoing.outbox[-1].body
    assert Message.objects.filter(language="de").count() == 2


def test_delivering_twice_mails_once(grace):
    message = helping.reply(make_ticket(), text="Soon.", by=grace)
    outbox.deliver_due()
    from support.tasks import send_ticket_reply

    send_ticket_reply(message.pk)
    outbox.deliver_due()
    assert len(outgoing.outbox) == 2  # the copy and one answer


def test_the_customer_writes_again_and_it_waits_for_us(grace):
    ticket = make_ticket()
    helping.reply(ticket, text="Which parcel?", by=grace)
    helping.customer_reply(ticket, text="The blue one.")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.messages.count()) == (Ticket.Status.OPEN, 3)


def test_a_closed_ticket_opens_when_the_customer_writes(grace):
    ticket = make_ticket()
    helping.close(ticket, by=grace)
    helping.customer_reply(ticket, text="It broke again.")
    ticket.refresh_from_db()
    assert ticket.status == Ticket.Status.OPEN


def test_the_same_words_twice_are_one_message():
    ticket = make_ticket()
    first = helping.customer_reply(ticket, text="Hello?")
    again = helping.customer_reply(ticket, text="Hello?\r\n")
    assert (again, ticket.messages.count()) == (first, 2)


def test_the_same_words_later_are_a_new_message():
    ticket = make_ticket()
    with clock.at(clock.now() - timedelta(minutes=11)):
        helping.customer_reply(ticket, text="Hello?")
    helping.customer_reply(ticket, text="Hello?")
    assert ticket.messages.count() == 3


@pytest.mark.parametrize("text", ["", "   ", "\r\n\t\n"])
def test_refuses_a_message_without_words_and_keeps_nothing(text, grace):
    ticket = make_ticket()
    for say in (
        lambda: helping.customer_reply(ticket, text=text),
        lambda: helping.reply(ticket, text=text, by=grace),
    ):
        with pytest.raises(helping.NothingSaid):
            say()
    with pytest.raises(helping.NothingSaid):
        make_ticket(text=text)
    assert (Ticket.objects.count(), TicketMessage.objects.count()) == (1, 1)


def test_refuses_an_answer_that_crosses_with_news(grace):
    ticket = make_ticket()
    seen = ticket.messages.get().pk
    helping.customer_reply(ticket, text="Found it, thank you!")
    with pytest.raises(helping.OvertakenByNews):
        helping.reply(ticket, text="We are looking for it.", seen=seen, by=grace)
    assert ticket.messages.count() == 2


def test_a_note_of_a_colleague_does_not_block_an_answer(grace):
    ticket = make_ticket()
    seen = ticket.messages.get().pk
    helping.note(ticket, text="She rang too.", by=grace)
    helping.reply(ticket, text="Soon.", seen=seen, by=grace)
    assert ticket.messages.count() == 3


def test_a_note_is_no_answer_and_no_mail(grace):
    ticket = make_ticket()
    outbox.deliver_due()
    helping.note(ticket, text="Rings every day.", by=grace)
    outbox.deliver_due()
    ticket.refresh_from_db()
    assert (ticket.status, len(outgoing.outbox)) == (Ticket.Status.OPEN, 1)


def test_closing_twice_is_one_event(grace):
    ticket = make_ticket()
    helping.close(ticket, by=grace)
    helping.close(ticket, by=grace)
    assert Event.objects.filter(name="ticket.closed").count() == 1


def test_events_hold_nothing_personal(grace):
    ticket = make_ticket(name="Ada Lovelace")
    helping.reply(ticket, text="Dear Ada", by=grace)
    kept = " ".join(str(event.data) for event in Event.objects.all())
    assert "ada" not in kept.lower()
