"""What the scripts add to cart and checkout, and what nobody may be shut out by: axe, narrow screens."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from catalog.tests.factories import make_product, make_variant
from checkout.tests.factories import make_tax, make_zone
from shop.core.models import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def teapot(live_server, settings):
    settings.SHOP_URL = live_server.url
    make_tax("AT", "20", is_eu=True)
    make_tax("US", "7.25", region="CA", mode="exclusive", name="Sales tax")
    make_zone("AT", "US")
    for slug in ("terms", "privacy", "returns", "delivery"):
        Page.objects.create(slug=slug, title=slug.title(), body="<p>Fair.</p>")
    return make_variant(product=make_product("Teapot"), stock=4, price_minor=2900)


@pytest.fixture
def cart(page, live_server, teapot):
    """The cart's page with two teapots in it; fails the test when the browser complains."""
    complaints: list[str] = []
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/cart/")
    page.evaluate(
        """variant => fetch("/cart/lines/", {method: "POST", body: new URLSearchParams({variant, quantity: 2})})""",
        str(teapot.pk),
    )
    page.goto(f"{live_server.url}/cart/")
    yield page
    page.wait_for_load_state("networkidle")
    page.goto("about:blank")  # nothing may still be asked while the tables are emptied
    assert not [words for words in complaints if "422" not in words and "Transition was" not in words]


def in_order(page):
    """Nothing that axe finds, nothing that scrolls sideways, also at 320 pixels."""
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size(size)


def to_details(page):
    page.get_by_role("button", name="Go to checkout").click()
    expect(page.get_by_role("heading", name="Details", level=1)).to_be_visible()


def fill_in(page):
    page.get_by_label("Email address").fill("ada@example.com")
    page.get_by_label("Full name").first.fill("Ada Lovelace")
    page.get_by_label("Street and number").first.fill("Stephansplatz 1")
    page.get_by_label("Postcode").first.fill("1010")
    page.get_by_label("Town or city").first.fill("Wien")


def test_a_line_is_changed_removed_and_taken_back_without_leaving_the_page(cart):
    in_order(cart)
    cart.get_by_role("button", name="One more Teapot").click()
    expect(cart.locator(".cart-summary .totals .total")).to_contain_text("€87.00")
    expect(cart.locator("#live")).to_contain_text("3 items, total")
    expect(cart.locator(".cart-count")).to_have_text("3")
    cart.get_by_role("button", name="Remove Teapot").click()
    expect(cart.get_by_text("Teapot is no longer in your cart.").first).to_be_visible()
    in_order(cart)
    cart.get_by_role("button", name="Undo").click()
    expect(cart.locator(".cart-line")).to_have_count(1)
    expect(cart.get_by_role("spinbutton")).to_have_value("3")


def test_more_than_there_is_stops_at_what_there_is(cart):
    cart.get_by_role("spinbutton").fill("9")
    cart.get_by_role("spinbutton").press("Enter")
    expect(cart.get_by_role("spinbutton")).to_have_value("4")


def test_the_estimate_follows_the_country(cart):
    cart.get_by_text("Where does it go?").click()
    cart.get_by_label("Country").select_option("US")
    expect(cart.locator(".cart-summary")).to_contain_text("Standard, United States")
    in_order(cart)


def test_another_country_brings_its_fields_and_keeps_what_was_typed(cart):
    to_details(cart)
    in_order(cart)
    fill_in(cart)
    country = cart.get_by_label("Country").first
    country.select_option("US")
    expect(cart.get_by_label("ZIP code")).to_be_visible()
    expect(cart.get_by_label("State")).to_be_visible()
    expect(cart.get_by_label("Full name").first).to_have_value("Ada Lovelace")
    expect(cart.get_by_label("Email address")).to_have_value("ada@example.com")
    expect(country).to_be_focused()
    in_order(cart)


def test_the_focus_goes_to_the_mistakes(cart):
    to_details(cart)
    cart.get_by_role("button", name="Continue to delivery").click()
    expect(cart.locator("[data-error-summary]")).to_be_focused()
    in_order(cart)
    cart.get_by_role("link", name="Enter your full name.").click()
    expect(cart.get_by_label("Full name").first).to_be_focused()


def test_the_bill_may_go_elsewhere(cart):
    to_details(cart)
    expect(cart.locator("#id_billing-name")).to_be_hidden()
    cart.get_by_label("The bill goes to another address").check()
    expect(cart.locator("#id_billing-name")).to_be_visible()
    in_order(cart)


def test_the_way_to_the_button_that_says_what_it_does(cart):
    to_details(cart)
    fill_in(cart)
    cart.get_by_role("button", name="Continue to delivery").click()
    expect(cart.get_by_role("radio", name="Standard")).to_be_checked()
    in_order(cart)
    cart.get_by_role("button", name="Continue to payment").click()
    expect(cart.get_by_role("button", name="Place order, €62.90")).to_be_visible()
    in_order(cart)
    cart.get_by_role("link", name="Change delivery address").click()
    expect(cart.get_by_label("Street and number").first).to_have_value("Stephansplatz 1")
