"""The card is declined, and another one pays the same order; 3-D Secure passed, failed, abandoned and come back to."""

import pytest
from django.core.management import call_command
from django.db.models.functions import Now
from playwright.sync_api import expect

from orders import mails
from orders.models import Order, PaymentAttempt
from shop.tests.journeys import paying, reading, shopping, stocking
from shop.tests.journeys.looking import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def placed() -> Order:
    """The one order that there is."""
    return Order.objects.get()


def test_a_declined_card_says_why_and_another_one_pays_the_same_order(shop, ada):
    shopping.to_payment(ada)
    paying.type_card(ada, paying.DECLINED)
    paying.press_pay(ada)
    expect(ada.get_by_role("alert")).to_have_text("Your card was declined.")
    paying.type_card(ada, paying.POOR)
    paying.press_pay(ada)
    expect(ada.get_by_role("alert")).to_have_text("Your card has insufficient funds.")
    number = shopping.number_in(ada)
    assert (placed().number, placed().status) == (number, "placed")

    shop.work()
    ada.reload()  # the page goes on with the order
    expect(ada.get_by_text("The payment did not go through", exact=True)).to_be_visible()
    paying.card_fields(ada).get_by_label("Card number").wait_for()
    look(ada)
    paying.type_card(ada)
    paying.press_pay(ada)
    assert shopping.thanked(ada) == number
    assert placed().payment_status == "paid"
    assert [charge.status for charge in reversed(shop.at_stripe.charges.list().data)] == [
        "failed",
        "failed",
        "succeeded",
    ]
    assert len(shop.at_stripe.payment_intents.list().data) == PaymentAttempt.objects.count() == 1


@pytest.mark.parametrize("way", ["modal", "redirect"])
def test_the_bank_asks_and_is_answered(shop, ada, way):
    """In a window over the page, or on a page of the bank's own."""
    shop.stripe.control("settings", three_d_secure=way)
    shopping.to_payment(ada)
    paying.type_card(ada, paying.ASKS_BANK)
    paying.press_pay(ada)
    if way == "modal":
        paying.asked_by_bank(ada)
        assert placed().status == "placed"
        paying.answer_bank(ada)
    else:
        ada.get_by_role("button", name="Complete").click()
    assert shopping.thanked(ada) == placed().number
    assert placed().payment_status == "paid"


def test_who_fails_before_the_bank_pays_otherwise(shop, ada):
    shopping.to_payment(ada)
    paying.type_card(ada, paying.ASKS_BANK)
    paying.press_pay(ada)
    paying.answer_bank(ada, "Fail")
    expect(ada.get_by_role("alert")).to_contain_text("unable to authenticate your payment method")
    shop.work()
    assert placed().payment_status == "unpaid"
    paying.type_card(ada)
    paying.press_pay(ada)
    assert shopping.thanked(ada) == placed().number
    assert len([charge for charge in shop.at_stripe.charges.list().data if charge.paid]) == 1


def leaves_at_the_bank(ada) -> Order:
    """The bank asks, and the window is closed."""
    shopping.to_payment(ada)
    paying.type_card(ada, paying.ASKS_BANK)
    paying.press_pay(ada)
    paying.asked_by_bank(ada)
    ada.goto("/cart/")
    return placed()


def test_who_left_at_the_bank_goes_on_by_the_link_that_the_seller_sends(shop, ada, come_in):
    order = leaves_at_the_bank(ada)
    expect(
        ada.get_by_role("link", name=stocking.MUG).first
    ).to_be_visible()  # as long as nothing is paid, nothing is taken out
    ada.go_back()
    expect(ada).to_have_url(f"{shop.url}/orders/{order.number}/payment/")
    ada.get_by_role("link", name="Look at the order first").click()
    expect(ada.get_by_role("heading", name="Your order waits for its payment")).to_be_visible()
    look(ada)

    mails.pay_link(order)
    shop.work()
    later = come_in()
    later.goto(reading.link(reading.only_mail(shop.inbox, order.number), "/o/"))
    expect(later).to_have_url(f"{shop.url}/orders/{order.number}/payment/")
    paying.type_card(later)
    paying.press_pay(later)
    assert shopping.thanked(later) == order.number
    assert [charge.amount for charge in shop.at_stripe.charges.list().data if charge.paid] == [2390]


def test_an_order_that_nobody_pays_ends_and_its_goods_are_sold_again(shop, ada):
    mug = stocking.one_mug()
    before = stocking.free(mug)
    order = leaves_at_the_bank(ada)
    assert stocking.free(mug) == before - 1
    Order.objects.update(pay_before=Now())
    call_command("expire_unpaid", verbosity=0)
    shop.work()

    ada.goto(f"/orders/{order.number}/payment/")
    expect(ada).to_have_url(f"{shop.url}/orders/{order.number}/?thanks")
    expect(ada.get_by_role("heading", level=1)).to_contain_text(order.number)
    expect(ada.get_by_text("It was not paid in time. Nothing was charged.")).to_be_visible()
    look(ada)
    assert stocking.free(mug) == before
    assert [intent.status for intent in shop.at_stripe.payment_intents.list().data] == ["canceled"]
    assert "cancelled" in reading.subject_of(reading.only_mail(shop.inbox, order.number))
