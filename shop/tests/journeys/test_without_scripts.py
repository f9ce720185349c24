"""The whole way with JavaScript switched off, on the narrowest screen: nothing in the shop needs a script."""

import re

import pytest
from playwright.sync_api import Page, expect

from orders.models import Order
from shop.tests.journeys import paying, reading, shopping, stocking
from shop.tests.journeys.looking import SMALLEST, check_headline

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ada(come_in) -> Page:
    return come_in(java_script_enabled=False, viewport={"width": SMALLEST, "height": 800})


def fits(page: Page) -> None:
    check_headline(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST, page.url


def to_payment(page: Page) -> None:
    """Every page on the way fits."""
    page.goto("/")
    fits(page)
    page.get_by_role("link", name=stocking.MUG).first.click()
    page.locator("label", has_text="Berry").click()
    page.get_by_role("button", name="Update").click()
    expect(page).to_have_url(re.compile(r"variant=|Colour="))
    fits(page)
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("heading", level=1, name="Cart")).to_be_visible()
    expect(page.get_by_text("Contour Mug, Berry is in your cart.")).to_be_visible()
    fits(page)
    shopping.check_out(page)
    fits(page)
    page.get_by_role("button", name="Continue to delivery").click()
    expect(page.get_by_role("link", name="Enter your full name.")).to_be_visible()
    fits(page)
    shopping.give_details(page)
    fits(page)
    shopping.choose_delivery(page)
    fits(page)


def test_cash_on_delivery_bought_and_taken_back(shop, ada):
    ada.watch.expects("status of 422")  # the form that was sent empty
    berry = stocking.one_mug("Berry")
    before = stocking.free(berry)
    to_payment(ada)
    paying.choose_cash(ada)
    paying.place_order(ada)
    number = shopping.thanked(ada)
    fits(ada)
    assert Order.objects.get(number=number).status == "confirmed"
    assert stocking.free(berry) == before - 1
    shop.work()
    mail = reading.only_mail(shop.inbox, number)

    ada.goto(reading.link(mail, "/o/"))
    ada.get_by_text("Cancel this order").click()
    ada.get_by_label("Why? It helps us").fill("Wrong colour")
    fits(ada)
    ada.get_by_role("button", name="Cancel order").click()
    expect(ada.get_by_text("Your order is cancelled.")).to_be_visible()
    fits(ada)
    shop.work()
    assert Order.objects.get(number=number).status == "cancelled"
    assert stocking.free(berry) == before
    assert len(reading.mails(shop.inbox, number)) == 2


def test_a_card_is_paid_on_the_providers_own_page(shop, ada):
    ada.watch.expects("status of 422")
    to_payment(ada)
    ada.get_by_role("button", name="Pay €23.90").click()
    ada.get_by_role("link", name="Back to the shop").click()
    expect(ada.get_by_role("heading", level=1, name="Payment")).to_be_visible()
    fits(ada)
    ada.get_by_role("button", name="Pay €23.90").click()
    paying.pay_hosted(ada, paying.DECLINED)
    expect(ada.get_by_role("alert")).to_have_text("Your card was declined.")
    paying.pay_hosted(ada)
    number = shopping.thanked(ada)
    order = Order.objects.get(number=number)
    assert order.payment_status == "paid"
    assert [charge.amount for charge in shop.at_stripe.charges.list().data if charge.paid] == [
        order.total_minor
    ]
    shop.work()
    reading.pdf_of(reading.only_mail(shop.inbox, number))
