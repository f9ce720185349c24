"""The inbox as staff use it."""

import pytest
from django.contrib.auth.models import Permission

from support import helping
from support.models import Ticket
from support.tests.factories import make_bare_order, make_person, make_staff, make_ticket

pytestmark = pytest.mark.django_db


def address(ticket, step=""):
    return f"/admin/support/ticket/{ticket.pk}/" + (f"{step}/" if step else "change/")


@pytest.fixture
def staff(client):
    client.force_login(make_staff())
    return client


def test_the_list_counts_its_piles_and_costs_the_same_for_many(staff, django_assert_max_num_queries):
    for number in range(12):
        make_ticket(f"a{number}@example.com")
    page = staff.get("/admin/support/ticket/?pile=open")
    assert "Where is my parcel?" in page.content.decode() and 'is-urgent">12' in page.content.decode()
    with django_assert_max_num_queries(12):
        staff.get("/admin/support/ticket/")


def test_the_page_shows_the_conversation_and_what_may_be_done(staff):
    order = make_bare_order()
    ticket = make_ticket(order_number=order.number)
    page = staff.get(address(ticket)).content.decode()
    assert "Where is my parcel?" in page and order.number in page and "Send answer" in page
    assert "Open again" not in page


def test_warns_of_an_order_that_is_not_proven(staff):
    order = make_bare_order()
    page = staff.get(address(make_ticket("eve@example.com", order_number=order.number))).content.decode()
    assert "not proven" in page


def test_answers_notes_closes_and_opens_again(staff):
    ticket = make_ticket()
    seen = ticket.messages.get().pk
    for step, fields in [
        ("note", {"text": "Ask the carrier."}),
        ("reply", {"text": "It arrives today.", "seen": seen}),
        ("close", {}),
        ("reopen", {}),
    ]:
        answer = staff.post(address(ticket, step), fields)
        assert (answer.status_code, answer["Location"]) == (303, address(ticket)), step
    ticket.refresh_from_db()
    assert (ticket.status, ticket.messages.count()) == (Ticket.Status.OPEN, 3)


def test_a_second_press_sends_no_second_answer(staff):
    ticket = make_ticket()
    fields = {"text": "It arrives today.", "seen": ticket.messages.get().pk}
    staff.post(address(ticket, "reply"), fields)
    page = staff.post(address(ticket, "reply"), fields, follow=True).content.decode()
    assert "Somebody has written since" in page and ticket.messages.count() == 2


def test_a_refusal_is_a_message_and_changes_nothing(staff):
    ticket = make_ticket()
    page = staff.post(address(ticket, "reply"), {"text": "", "seen": "x"}, follow=True).content.decode()
    assert "Enter a message." in page and ticket.messages.count() == 1


def test_steps_are_posts(staff):
    ticket = make_ticket()
    assert staff.get(address(ticket, "close")).status_code == 405
    ticket.refresh_from_db()
    assert ticket.status == Ticket.Status.OPEN


def test_who_may_only_look_is_offered_nothing_and_refused(client):
    viewer = make_person("v@example.com", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_ticket"))
    client.force_login(viewer)
    ticket = make_ticket()
    assert "Send answer" not in client.get(address(ticket)).content.decode()
    assert client.post(address(ticket, "close")).status_code == 403


@pytest.mark.parametrize("who", ["anonymous", "shopper", "other staff"])
def test_everybody_else_stays_outside(client, who):
    ticket = make_ticket()
    if who != "anonymous":
        client.force_login(make_person("x@example.com", is_staff=who == "other staff"))
    assert client.get(address(ticket)).status_code in (302, 403)
    assert client.post(address(ticket, "reply"), {"text": "hi", "seen": 1}).status_code in (302, 403)
    assert ticket.messages.count() == 1


@pytest.mark.parametrize("number", ["0", "999999", "abc", "1%20or%201=1"])
def test_an_unknown_ticket_is_not_found(staff, number):
    assert staff.get(f"/admin/support/ticket/{number}/change/").status_code == 404


def test_notes_are_marked(staff):
    ticket = make_ticket()
    helping.note(ticket, text="Be kind.", by=make_person("n@example.com", is_staff=True))
    assert "only staff see it" in staff.get(address(ticket)).content.decode()
