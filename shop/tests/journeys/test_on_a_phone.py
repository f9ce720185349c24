"""The same purchase on a phone, in the dark: every page of the way fits, and nothing is hidden or unreadable."""

import pytest
from playwright.sync_api import Page, expect

from orders.models import Order
from shop.tests.journeys import paying, shopping
from shop.tests.journeys.looking import PHONE, look, look_at_card_fields

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ada(come_in) -> Page:
    phone = {"viewport": {"width": PHONE, "height": 844}, "is_mobile": True, "has_touch": True}
    return come_in(color_scheme="dark", **phone)


def test_a_guest_buys_on_a_phone_in_the_dark(shop, ada):
    ada.goto("/")
    look(ada)
    ada.get_by_role("button", name="Menu").tap()
    ada.get_by_role("navigation", name="Main").get_by_role("link", name="Mugs").tap()
    expect(ada.get_by_role("heading", level=1, name="Mugs")).to_be_visible()
    look(ada)
    ada.get_by_role("link", name="Contour Mug").first.tap()
    expect(ada.get_by_role("heading", level=1, name="Contour Mug")).to_be_visible()
    look(ada)
    ada.get_by_role("button", name="Add to cart").tap()
    expect(ada.get_by_role("dialog", name="Added to the cart")).to_be_visible()
    look(ada)
    ada.get_by_role("dialog").get_by_role("button", name="Go to checkout").tap()
    expect(ada.get_by_role("heading", level=1, name="Details")).to_be_visible()
    look(ada)
    shopping.give_details(ada)
    look(ada)
    shopping.choose_delivery(ada, "Express")
    paying.card_fields(ada).get_by_label("Card number").wait_for()
    look(ada)
    look_at_card_fields(ada)
    paying.type_card(ada, paying.ASKS_BANK)
    paying.press_pay(ada, "€33.90")
    paying.asked_by_bank(ada)
    paying.answer_bank(ada)
    number = shopping.thanked(ada)
    look(ada)
    assert Order.objects.get(number=number).total_minor == 3390
