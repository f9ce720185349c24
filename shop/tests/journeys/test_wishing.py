"""A guest saves something, puts it into the cart, thinks again twice, and adds a word for whoever gets it."""

import pytest
from playwright.sync_api import expect

from cart.models import Cart
from shop.tests.journeys import shopping, stocking
from shop.tests.journeys.looking import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_heart_to_the_cart_and_back(shop, ada):
    stocking.one_mug()
    shopping.open_product(ada)
    heart = ada.get_by_role("button", name="Save to wishlist")
    heart.focus()
    ada.keyboard.press("Enter")
    expect(heart).to_have_attribute("aria-pressed", "true")
    ada.reload()
    expect(heart).to_have_attribute("aria-pressed", "true")

    ada.goto("/wishlists/")
    look(ada)
    ada.get_by_role("button", name="Add to cart").click()
    expect(ada.get_by_text("is in your cart.")).to_be_visible()
    ada.goto("/cart/")
    line = ada.locator(".cart-lines").first.get_by_role("article")
    line.get_by_role("button", name="Remove").click()
    ada.get_by_role("button", name="Undo").click()
    expect(line).to_have_count(1)
    expect(ada.get_by_role("button", name="Undo")).to_have_count(0)

    line.get_by_role("button", name="Save for later").click()
    expect(ada.get_by_role("heading", name="Saved for later")).to_be_visible()
    look(ada)
    ada.get_by_role("button", name="Move to cart").click()
    expect(ada.get_by_role("heading", name="Saved for later")).to_have_count(0)

    ada.locator("#gift > summary").click()
    ada.get_by_label("Gift message").fill("For the morning")
    look(ada)
    ada.get_by_role("button", name="Save", exact=True).click()
    expect(ada.get_by_text("Saved: it comes with your order.")).to_be_visible()
    assert Cart.objects.get().gift_message == "For the morning"
