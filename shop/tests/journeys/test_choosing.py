"""From "I look around" to "this one": filters, suggestions, choices, what is made for one buyer, and sets."""

import re

import pytest
from playwright.sync_api import Page, expect

from cart.models import CartLine
from shop.tests.journeys import stocking
from shop.tests.journeys.keys import Keys
from shop.tests.journeys.looking import look
from shop.tests.test_german import english_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def found(page: Page) -> set[str]:
    """The names of the products in the list."""
    return set(page.locator(".card h3, .card h2").all_inner_texts())


def test_filters_are_chosen_counted_and_taken_back_by_the_back_button(shop, ada):
    ada.goto("/c/prints/")
    everything = found(ada)
    assert len(everything) == 3
    blue, gold = (ada.get_by_role("checkbox", name=re.compile(rf"^{name} 2")) for name in ("Blue", "Gold"))
    blue.check()
    expect(ada.locator(".card")).to_have_count(2)
    expect(ada).to_have_url(re.compile("f-colour=Blue"))
    alone = found(ada)
    gold.check()  # still said to be of two: counted without its own filter, one may have both
    expect(ada.locator(".card")).to_have_count(3)
    expect(ada).to_have_url(re.compile("f-colour=Gold"))
    ada.go_back()
    expect(ada.locator(".card")).to_have_count(2)
    expect(gold).not_to_be_checked()
    expect(blue).to_be_checked()
    assert found(ada) == alone < everything
    ada.reload()
    assert found(ada) == alone


def test_a_suggestion_is_taken_by_the_keyboard(shop, ada):
    ada.goto("/")
    ada.wait_for_load_state()
    keys, field = Keys(ada), ada.get_by_role("combobox", name="Search the shop").first
    keys.type(field, "contour m")
    option = ada.get_by_role("option", name=stocking.MUG)
    expect(option).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    for _press in range(8):
        keys.press("ArrowDown")
        if option.get_attribute("aria-selected") == "true":
            break
    expect(field).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
    expect(field).to_be_focused()
    keys.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    ada.keyboard.type("u")
    expect(option).to_be_visible()
    while option.get_attribute("aria-selected") != "true":
        keys.press("ArrowDown")
    keys.press("Enter")
    expect(ada.get_by_role("heading", level=1, name=stocking.MUG)).to_be_visible()


def test_choice_text_and_set_go_into_the_cart_as_they_were_chosen(shop, ada):
    stocking.stock_too("desk-set", "contour-notebook", "your-place")
    ada.goto("/products/contour-mug/")
    picture = ada.locator("#gallery img").first.get_attribute("src")
    ada.locator("#option-colour").get_by_text("Berry", exact=True).click()
    expect(ada.get_by_role("radio", name="Berry")).to_be_checked()
    expect(ada).to_have_url(re.compile("variant=MG-CONTOUR-BERRY"))
    expect(ada.locator("#gallery img").first).not_to_have_attribute("src", picture)
    ada.reload()
    expect(ada.get_by_role("radio", name="Berry")).to_be_checked()

    ada.goto("/products/desk-set/")
    expect(ada.locator(".set-parts")).to_contain_text("1 × Contour Mug, Moss")
    look(ada)
    ada.get_by_role("button", name="Add to cart").click()
    expect(ada.get_by_role("dialog", name="Added to the cart")).to_contain_text("Desk Set")

    ada.goto("/products/your-place/")
    ada.watch.expects("status of 422")
    ada.get_by_label("Latitude").fill("48.2086")
    ada.get_by_role("button", name="Add to cart").click()
    expect(ada.get_by_label("Latitude")).to_have_value(
        "48.2086"
    )  # what is missing is said, what was typed stays
    ada.get_by_label("Longitude").fill("16.3727")
    ada.get_by_label("Name of the place").fill("Stephansplatz")
    ada.get_by_role("button", name="Add to cart").click()
    expect(ada.get_by_role("heading", level=1, name="Cart")).to_be_visible()
    expect(ada.get_by_role("main")).to_contain_text("Stephansplatz")
    look(ada)
    assert sorted(CartLine.objects.values_list("variant__product__slug", flat=True)) == [
        "desk-set",
        "your-place",
    ]


def test_a_german_buyer_reads_german_as_far_as_the_payment(shop, come_in):
    stocking.say_in_german()
    heidi = come_in(locale="de-AT")
    heidi.goto("/de/")
    heidi.get_by_role("link", name="Becher Höhenlinien").first.click()
    seen = [heidi.content()]
    heidi.get_by_role("button", name="In den Warenkorb").click()
    heidi.get_by_role("dialog").get_by_role("link", name="Warenkorb ansehen").click()
    heidi.wait_for_url("**/de/cart/")
    seen.append(heidi.content())
    heidi.get_by_role("button", name="Zur Kasse").click()
    heidi.wait_for_url("**/de/checkout/**")
    seen.append(heidi.content())
    assert [english_in(page) for page in seen] == [[], [], []]
