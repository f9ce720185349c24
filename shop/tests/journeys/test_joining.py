"""A guest makes an account with the address that he bought with, and finds the order in it."""

import pytest
from playwright.sync_api import expect

from orders.models import Order
from shop.accounts.models import User
from shop.tests.journeys import paying, reading, shopping
from shop.tests.journeys.looking import look
from shop.tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_guest_signs_up_confirms_the_address_and_sees_the_order(shop, ada):
    shopping.to_payment(ada)
    paying.choose_cash(ada)
    paying.place_order(ada)
    number = shopping.thanked(ada)
    ada.get_by_role("link", name="Create account").click()
    expect(ada.get_by_role("heading", level=1, name="Create an account")).to_be_visible()
    expect(ada.get_by_label("Email")).to_have_value("ada@example.com")
    look(ada)
    ada.get_by_label("Password", exact=True).fill(PASSWORD)
    ada.get_by_role("button", name="Create account").click()
    expect(ada.get_by_role("heading", level=1, name="Look into your inbox")).to_be_visible()
    look(ada)
    shop.work()
    assert Order.objects.get().user is None  # anybody could have typed the address

    ada.goto(reading.link(reading.only_mail(shop.inbox, "Confirm your email address"), "/account/"))
    look(ada)
    ada.get_by_role("button", name="Confirm").click()
    expect(ada.get_by_role("heading", level=1, name="Hello")).to_be_visible()
    look(ada)
    shop.work()
    assert Order.objects.get().user == User.objects.get(email="ada@example.com")
    ada.get_by_role("main").get_by_role("link", name="Orders").first.click()
    look(ada)
    ada.get_by_role("link", name=number, exact=True).click()
    expect(ada.get_by_role("heading", level=1)).to_contain_text(number)
    look(ada)
    ada.get_by_role("link", name="Addresses").click()
    look(ada)
