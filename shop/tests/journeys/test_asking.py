"""A question by the contact form, an answer by mail, and a word back by the link in it."""

import pytest
from playwright.sync_api import expect

from shop.tests import walk
from shop.tests.journeys import reading, selling, stocking
from shop.tests.journeys.looking import look, look_at_screen
from support.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_question_becomes_a_ticket_and_a_conversation(shop, ada, come_in):
    order = walk.make_order(at="cod", lines={stocking.one_mug(): 1})
    shop.work()
    ada.goto("/")
    ada.get_by_role("contentinfo").get_by_role("link", name="Contact").click()
    look(ada)
    ada.watch.expects("status of 422")
    ada.get_by_role("button", name="Send message").click()
    expect(ada.locator("[data-error-summary]")).to_be_focused()
    look(ada)
    ada.get_by_label("What is it about?").select_option("An order of mine")
    ada.get_by_label("Order number").fill(order.number.lower().replace("-", " "))
    ada.get_by_label("Your message").fill("Is the handle on the left?")
    ada.get_by_label("Your email address").fill("ada@example.com")
    ada.get_by_role("button", name="Send message").click()
    expect(ada.get_by_role("heading", level=1, name="Thank you, your message is here")).to_be_visible()
    look(ada)
    shop.work()
    ticket = Ticket.objects.get()
    assert ticket.order == order
    assert "Is the handle on the left?" in reading.text_of(reading.only_mail(shop.inbox, ticket.number))

    sue = come_in()
    selling.sign_in(sue, selling.employ("Sue", role="support"))
    selling.open_list(sue, "Tickets")
    look_at_screen(sue)
    selling.open_one(sue, ticket.number)
    look_at_screen(sue)
    sue.get_by_label("To ada@example.com").fill("It is where you want it: turn the mug.")
    selling.press(sue, "Send answer")
    expect(sue.get_by_text("Sent: the customer gets it by mail.")).to_be_visible()
    look_at_screen(sue)
    shop.work()

    answer = reading.mails(shop.inbox, ticket.number)[-1]
    assert "turn the mug" in reading.text_of(answer) and "turn the mug" in reading.html_of(answer)
    ada.goto(reading.link(answer, "/tickets/"))
    look(ada)
    ada.get_by_label("Your answer").fill("Brilliant.")
    ada.get_by_role("button", name="Send", exact=True).click()
    expect(ada.get_by_text("Thank you, we have your message and answer by mail.")).to_be_visible()
    sue.reload()
    expect(sue.get_by_text("Brilliant.")).to_be_visible()
    assert Ticket.objects.get().status == "open"
