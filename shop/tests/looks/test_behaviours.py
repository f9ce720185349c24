"""What the scripts add, each tried in a browser, and what remains without them."""

import re

import pytest
from playwright.sync_api import expect

from shop.tests.looks import urls

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_header_is_filled_with_what_is_personal(opened):
    page = opened("/styleguide/pages/listing/")
    expect(page.locator(".cart-count")).to_have_text("3")
    expect(page.get_by_role("link", name="Cart, 3 items")).to_be_visible()
    expect(page.get_by_role("link", name="Account of Ada")).to_be_visible()


def test_adding_opens_the_drawer_once_and_says_so(opened):
    page = opened("/styleguide/pages/product/")
    page.get_by_role("button", name="Add to cart").dblclick()
    drawer = page.get_by_role("dialog", name="Added to the cart")
    expect(drawer).to_contain_text("Contour No. 11")
    expect(page.locator("#live")).to_have_text("Contour No. 11 added, the cart has 3 items")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    assert len(urls.posted) == 1
    assert urls.posted[0]["variant"] == "PR-CE01-A3-OK"
    assert len(urls.posted[0]["idempotency_key"]) >= 32


def test_each_press_has_a_key_of_its_own(opened):
    page = opened("/styleguide/pages/product/")
    for _ in range(2):
        page.get_by_role("button", name="Add to cart").click()
        page.get_by_role("button", name="Keep shopping").click()
    assert len({one["idempotency_key"] for one in urls.posted}) == 2


def test_a_refusal_stands_at_the_button(opened):
    page = opened("/styleguide/pages/product/")
    page.get_by_role("button", name="One more Contour No. 11").click()
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("alert")).to_have_text("Only 1 is left.")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_filter_changes_the_address_keeps_the_focus_and_is_announced(opened):
    page = opened("/styleguide/pages/listing/")
    box = page.get_by_role("checkbox", name=re.compile("Orange"))
    box.check()
    page.wait_for_url("**/listing/?*colour=orange*")
    expect(page.locator("#live")).to_have_text("12 of 48 products")
    assert page.evaluate("document.activeElement.id") == "facet-colour-2"
    assert page.locator("#results").get_attribute("aria-busy") is None
    page.go_back()
    expect(page).to_have_url(re.compile(r"/listing/$"))


def test_the_stepper_stops_at_the_stock_and_says_why(opened):
    page = opened("/styleguide/pages/product/")
    more = page.get_by_role("button", name="One more Contour No. 11")
    more.click()
    more.click()
    expect(page.get_by_role("spinbutton")).to_have_value("3")
    expect(more).to_be_disabled()
    expect(page.locator("[data-stepper-note]")).to_have_text("Only 3 available")


def test_pictures_are_chosen_and_enlarged_by_keyboard(opened):
    page = opened("/styleguide/pages/product/")
    thumbs = page.locator("[data-gallery-thumb]")
    thumbs.nth(1).click()
    main = page.locator("[data-gallery-main]")
    expect(main.locator("img")).to_have_attribute("src", re.compile("contour-eleven-2"))
    thumbs.nth(1).press("ArrowRight")
    expect(main.locator("img")).to_have_attribute("src", re.compile("contour-eleven-3"))
    main.press("Enter")
    zoom = page.get_by_role("dialog", name="Enlarged picture")
    expect(zoom.locator("img")).to_have_attribute("src", re.compile("contour-eleven-3"))
    page.keyboard.press("Escape")
    expect(zoom).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('[data-gallery-main]')")


def test_the_chosen_colours_are_there_before_the_first_paint(opened):
    page = opened("/styleguide/pages/article/")
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.add_init_script(
        "new PerformanceObserver(list => window.painted ??= document.documentElement.dataset.theme)"
        ".observe({type: 'paint', buffered: true})"
    )
    page.reload()
    painted = page.evaluate(
        "new Promise(tell => { const look = () => window.painted ? tell(window.painted) : setTimeout(look, 20); look(); })"
    )
    assert painted == "dark"
    assert (
        page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        == dark
        == "rgb(21, 21, 24)"
    )
    page.get_by_role("button", name="As my device").click()
    assert not [cookie for cookie in page.context.cookies() if cookie["name"] == "theme"]


def test_a_mended_field_is_forgiven_when_it_is_left(opened):
    page = opened("/styleguide/pages/checkout-details-error/")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Enter your city").click()
    city = page.get_by_label("City")
    expect(city).to_be_focused()
    city.fill("Vienna")
    city.blur()
    expect(city).not_to_have_attribute("aria-invalid", "true")
    name = page.get_by_label("Full name")
    name.fill("")
    name.blur()
    expect(name).not_to_have_attribute("aria-invalid", "true")  # never in error yet: left in peace


def test_a_confirming_page_looks_again_until_it_is_led_on(opened):
    page = opened("/confirming/")
    page.wait_for_url("**/confirmation/")
    assert len(urls.asked) == 3


def test_a_password_can_be_shown(opened):
    page = opened("/styleguide/pages/sign-in/")
    field = page.get_by_label("Password", exact=True)
    page.get_by_role("button", name="Show").click()
    expect(field).to_have_attribute("type", "text")


def test_a_number_is_copied(opened, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = opened("/styleguide/pages/confirmation/")
    page.get_by_role("button", name="Copy order number").click()
    expect(page.locator("#live")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "TQ4-8KD-2F7"


@pytest.fixture
def phone_without_script(browser, shop):
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_without_script_menu_search_and_filters_open(phone_without_script, shop):
    page = phone_without_script
    page.goto(f"{shop}/styleguide/pages/listing/")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Track order")
    ).to_be_visible()
    page.get_by_role("button", name="Close menu").click()
    page.get_by_role("button", name="Search", exact=True).first.click()
    expect(page.get_by_role("searchbox")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("Filters")).click()
    page.get_by_role("checkbox", name=re.compile("Orange")).check()
    page.get_by_role("button", name="Show results").click()
    expect(page).to_have_url(re.compile("colour=orange"))


def test_without_script_nothing_dead_is_shown(phone_without_script, shop):
    page = phone_without_script
    page.goto(f"{shop}/styleguide/pages/product/")
    expect(page.get_by_role("button", name=re.compile("One more"))).to_have_count(0)
    expect(page.get_by_role("group", name="Colours")).to_have_count(0)
    expect(page.get_by_role("button", name="Update")).to_be_visible()
    page.goto(f"{shop}/styleguide/pages/checkout-delivery/")
    page.locator(".checkout-summary summary").click()
    expect(page.get_by_text("Autumn in print")).to_be_visible()
