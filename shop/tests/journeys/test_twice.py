"""Pressed twice, in two windows, gone back, session lost: always one order and one payment, and never a dead end.

B01, B02, C11 and C13 of the fault catalogue, in a browser.
"""

import pytest
from playwright.sync_api import Page, expect

from checkout.models import Checkout
from checkout.starting import abandon
from orders.models import Order
from shop.tests.journeys import paying, shopping
from shop.tests.journeys.looking import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TWO_AT_ONCE = """async () => {
  const form = document.querySelector(".pay-form");
  const send = async () => {
    const body = new FormData(form), headers = { Accept: "application/json" };
    return (await (await fetch(form.action, { method: "POST", body, headers })).json()).payment_url;
  };
  const first = send();
  await new Promise((resolve) => setTimeout(resolve, 5));
  return Promise.all([first, send()]);
}"""


def the_order() -> Order:
    """There is one, and no second one."""
    return Order.objects.get()


def test_b01_a_double_click_pays_once(shop, ada):
    shopping.to_payment(ada)
    paying.type_card(ada)
    ada.get_by_role("button", name="Pay €23.90").dblclick()
    assert shopping.thanked(ada) == the_order().number
    assert len(ada.watch.posts("/orders/")) == 1
    assert len(shop.at_stripe.payment_intents.list().data) == 1


def test_b01_two_requests_five_milliseconds_apart_lead_to_one_order(shop, ada):
    shopping.to_payment(ada)
    pages = set(ada.evaluate(TWO_AT_ONCE))
    assert pages == {f"/orders/{the_order().number}/payment/"}
    assert len(shop.at_stripe.payment_intents.list().data) == 1


def test_b01_without_scripts_both_presses_lead_to_the_same_order(shop, come_in):
    ada = come_in(java_script_enabled=False)
    to_payment_without_scripts(ada)
    paying.choose_cash(ada)
    ada.get_by_role("button", name="Place order").dblclick()
    assert shopping.thanked(ada) == the_order().number


def to_payment_without_scripts(page: Page) -> None:
    shopping.open_product(page)
    page.get_by_role("button", name="Add to cart").click()
    shopping.check_out(page)
    shopping.give_details(page)
    shopping.choose_delivery(page)


def test_b02_of_two_windows_with_different_deliveries_one_orders_what_it_shows(shop, ada):
    ada.watch.expects("status of 409")  # the first window's total is no longer true
    shopping.to_payment(ada)
    other = ada.context.new_page()
    other.goto("/checkout/delivery/")
    shopping.choose_delivery(other, "Express")
    expect(other.get_by_role("button", name="Pay €33.90")).to_be_visible()

    paying.type_card(ada)
    paying.press_pay(ada, "€23.90")
    expect(
        ada.get_by_text("Something changed since you saw this page. The total is now €33.90")
    ).to_be_visible()
    look(ada)
    assert not Order.objects.exists()
    paying.type_card(ada)
    paying.press_pay(ada, "€33.90")
    number = shopping.thanked(ada)
    assert the_order().total_minor == 3390

    paying.type_card(other)
    paying.press_pay(other, "€33.90")
    assert shopping.thanked(other) == number
    assert [charge.amount for charge in shop.at_stripe.charges.list().data] == [3390]
    the_order()


def test_c11_back_after_paying_leads_to_the_order(shop, ada):
    shopping.to_payment(ada)
    again = ada.context.new_page()
    again.goto("/checkout/payment/")
    paying.type_card(ada)
    paying.press_pay(ada)
    number = shopping.thanked(ada)
    ada.go_back()
    expect(ada).to_have_url(f"{shop.url}/orders/{number}/?thanks")
    assert shopping.thanked(ada) == number
    ada.goto("/checkout/payment/")
    expect(ada).to_have_url(f"{shop.url}/orders/{number}/")

    paying.choose_cash(again)  # the same form once more, from a window that was left open
    paying.place_order(again)
    assert shopping.thanked(again) == number
    assert len(shop.at_stripe.charges.list().data) == 1
    assert the_order().payment_status == "paid"
    ada.goto("/cart/")
    expect(ada.get_by_role("heading", level=1, name="Your cart is empty")).to_be_visible()
    look(ada)


@pytest.mark.parametrize("means", ["card", "cash"])
def test_c13_a_lost_session_costs_nothing(shop, ada, means):
    shopping.to_payment(ada)
    ada.context.clear_cookies(name="sessionid")
    if means == "card":
        paying.type_card(ada)
        paying.press_pay(ada)
    else:
        paying.choose_cash(ada)
        paying.place_order(ada)
    assert shopping.thanked(ada) == the_order().number


def test_c13_with_the_token_gone_too_the_page_says_what_to_do_and_nothing_is_lost(shop, ada):
    ada.watch.expects("status of 403")
    shopping.to_payment(ada)
    paying.choose_cash(ada)
    ada.context.clear_cookies(name="sessionid")
    ada.context.clear_cookies(name="csrftoken")
    paying.place_order(ada)
    expect(ada.get_by_role("heading", level=1, name="Send the form once more")).to_be_visible()
    look(ada)
    assert not Order.objects.exists()
    ada.go_back()
    ada.reload()
    expect(ada.get_by_text("Stephansplatz 1").first).to_be_visible()  # the same step, filled in
    paying.choose_cash(ada)
    paying.place_order(ada)
    assert shopping.thanked(ada) == the_order().number


def test_c13_a_checkout_that_nobody_remembers_starts_again_from_the_cart(shop, ada):
    """The session is gone, and the checkout was given up: the cart is still there."""
    shopping.to_payment(ada)
    ada.context.clear_cookies(name="sessionid")
    abandon(Checkout.objects.get())
    paying.choose_cash(ada)
    paying.place_order(ada)
    expect(ada.get_by_text("Your checkout has ended. Your cart is still here.")).to_be_visible()
    look(ada)
    shopping.check_out(ada)
