"""The way through the shop on foot, with the eyes: every step presses what a customer presses and waits for what he sees."""

import re

from playwright.sync_api import Page, expect

from shop.tests.journeys.stocking import MUG

ADA = {
    "Full name": "Ada Lovelace",
    "Street and number": "Stephansplatz 1",
    "Postcode": "1010",
    "Town or city": "Wien",
}


def open_product(page: Page, name: str = MUG) -> None:
    """From the home page, by the search."""
    page.goto("/")
    page.get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def put_in_cart(page: Page, name: str = MUG) -> None:
    """From the home page; ends in the cart."""
    open_product(page, name)
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("dialog", name="Added to the cart")).to_contain_text(name)
    page.get_by_role("dialog").get_by_role("link", name="View cart").click()
    expect(page.get_by_role("heading", level=1, name="Cart")).to_be_visible()


def check_out(page: Page) -> None:
    """From the cart to the details."""
    page.get_by_role("button", name="Go to checkout").click()
    expect(page.get_by_role("heading", level=1, name="Details")).to_be_visible()


def give_details(page: Page, *, email: str = "ada@example.com", **over: str) -> None:
    """Who and where to; ends at the delivery."""
    page.get_by_label("Email address").fill(email)
    for label, text in (ADA | over).items():
        page.get_by_label(label, exact=True).first.fill(text)
    page.get_by_role("button", name="Continue to delivery").click()
    expect(page.get_by_role("heading", level=1, name="Delivery")).to_be_visible()


def choose_delivery(page: Page, name: str = "Standard") -> None:
    """Ends at the payment."""
    page.get_by_role("radio", name=name).check()
    page.get_by_role("button", name="Continue to payment").click()
    expect(page.get_by_role("heading", level=1, name="Payment")).to_be_visible()


def to_payment(page: Page, *, email: str = "ada@example.com") -> None:
    """From the home page to the payment page, without looking around."""
    put_in_cart(page)
    check_out(page)
    give_details(page, email=email)
    choose_delivery(page)


def thanked(page: Page) -> str:
    """The number of the order that the shop thanks for."""
    expect(page.get_by_role("heading", level=1, name="Thank you")).to_be_visible()
    return number_in(page)


def number_in(page: Page) -> str:
    """Of the order whose page this is."""
    return re.search(r"/orders/([0-9A-Z-]+)/", page.url)[1]
