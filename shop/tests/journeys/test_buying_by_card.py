"""A guest buys by card: the way that most of the money takes."""

import pytest
from playwright.sync_api import expect

from orders.models import Order
from shop.tests.journeys import paying, reading, shopping
from shop.tests.journeys.conftest import QUEUES
from shop.tests.journeys.looking import look, look_at_card_fields
from shop.tests.journeys.watching import has_card

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_guest_buys_by_card_and_finds_the_order_again_by_the_mail(shop, servers, ada, come_in):
    """With a real worker: nothing but the shop's own programs does anything here."""
    servers.worker(queues=",".join(QUEUES))
    ada.goto("/")
    look(ada)
    shopping.open_product(ada)
    look(ada)
    shopping.put_in_cart(ada)
    look(ada)
    shopping.check_out(ada)
    look(ada)
    shopping.give_details(ada)
    look(ada)
    shopping.choose_delivery(ada)
    paying.card_fields(ada).get_by_label("Card number").wait_for()
    look(ada)
    look_at_card_fields(ada)
    paying.type_card(ada)
    paying.press_pay(ada)
    number = shopping.thanked(ada)
    look(ada)

    order = Order.objects.get(number=number)
    assert (order.status, order.payment_status, order.total_minor) == ("confirmed", "paid", 2390)
    assert [charge.amount for charge in shop.at_stripe.charges.list().data] == [2390]
    assert any(has_card(told) for told in ada.watch.told_others), (
        "the provider was told the card, and only the provider"
    )
    shop.work()
    mail = reading.only_mail(shop.inbox, number)
    assert "€23.90" in reading.text_of(mail) and "€23.90" in reading.html_of(mail)
    name, paper = reading.pdf_of(mail)
    assert number in name and paper.startswith(b"%PDF")

    elsewhere = come_in()
    elsewhere.goto(reading.link(mail, "/o/"))
    expect(elsewhere).to_have_url(f"{shop.url}/orders/{number}/")
    expect(elsewhere.get_by_role("heading", level=1)).to_contain_text(number)
    look(elsewhere)
    ada.reload()
    shop.work()
    reading.only_mail(shop.inbox, number)  # still one
