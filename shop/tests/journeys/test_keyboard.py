"""The checkout without a mouse (ux.md K13): no trap, few keys, and mistakes have the focus."""

import pytest
from playwright.sync_api import expect

from shop.tests.journeys import paying, shopping
from shop.tests.journeys.keys import Keys

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST = 60  # keys from the cart to the thanks, letters that are typed aside


def test_from_the_cart_to_the_thanks_in_few_keys(shop, ada):
    shopping.put_in_cart(ada)
    ada.reload()
    ada.watch.expects("status of 422")
    keys = Keys(ada)
    keys.skip_to_content()
    keys.activate(ada.get_by_role("button", name="Go to checkout"))

    expect(ada.get_by_role("heading", level=1, name="Details")).to_be_visible()
    keys.skip_to_content()
    keys.type(ada.get_by_label("Email address"), "ada@example.com")
    keys.press("Enter")  # too early: the summary says what is missing, and leads there
    expect(ada.locator("[data-error-summary]")).to_be_focused()
    keys.activate(ada.get_by_role("link", name="Enter your full name."))
    for label, text in shopping.ADA.items():
        keys.type(ada.get_by_label(label, exact=True).first, text)
    keys.press("Enter")

    expect(ada.get_by_role("heading", level=1, name="Delivery")).to_be_visible()
    keys.skip_to_content()
    keys.to(ada.get_by_role("radio", name="Standard"))
    keys.press("ArrowDown")
    expect(ada.get_by_role("radio", name="Express")).to_be_checked()
    keys.press("ArrowUp")
    keys.press("Enter")

    expect(ada.get_by_role("heading", level=1, name="Payment")).to_be_visible()
    fields = paying.card_fields(ada)
    fields.get_by_label("Card number").wait_for()
    keys.skip_to_content()
    keys.type(fields.get_by_label("Card number"), paying.GOOD)
    keys.type(fields.get_by_label("Expiration date"), "1234")
    keys.type(fields.get_by_label("Security code"), "123")
    keys.activate(ada.get_by_role("button", name="Pay €23.90"))
    shopping.thanked(ada)
    assert keys.pressed <= MOST
