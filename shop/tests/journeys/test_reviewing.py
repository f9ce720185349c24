"""A parcel arrives; its buyer writes a review with a picture by the link, a seller reads and shows it, it helps somebody."""

import pytest
from playwright.sync_api import expect

from catalog.models import Review
from catalog.photographing import make_renditions
from shop.demo.pictures import FOLDER
from shop.tests import walk
from shop.tests.journeys import selling, stocking
from shop.tests.journeys.looking import look, look_at_screen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURE = FOLDER / "photos" / "contour-mug-2.webp"


def test_a_buyer_reviews_with_a_picture_and_a_seller_shows_it(shop, ada, come_in):
    variant = stocking.one_mug()
    page_of_it = variant.product.get_absolute_url()
    walk.make_order(at="delivered", lines={variant: 1})
    shop.work()

    sue = come_in()
    selling.sign_in(sue, selling.employ("Sue", role="support"))
    selling.open_list(sue, "Review invitations")
    look_at_screen(sue)
    selling.open_one(sue, variant.product.name)
    sue.locator("summary", has_text="Show the link").click()
    look_at_screen(sue)
    sue.get_by_role("button", name="Show the link").click()
    link = sue.get_by_text("?invitation=").inner_text().split(": ")[-1].strip()

    ada.goto(link)
    look(ada)
    ada.watch.expects("status of 422")
    ada.get_by_role("button", name="Send review").click()
    expect(ada.locator("[data-error-summary]")).to_be_focused()
    look(ada)
    ada.get_by_text("5 Great").click()
    ada.get_by_label("In a few words").fill("My morning island")
    ada.get_by_label("Your review").fill("The lines lie a little proud of the glaze; one feels the hills.")
    ada.get_by_label("Name to show").fill("Ada")
    ada.get_by_label("Pictures").set_input_files(PICTURE)
    ada.get_by_role("button", name="Send review").click()
    expect(ada.get_by_role("heading", level=1, name="Thank you for your review")).to_be_visible()
    look(ada)
    ada.goto(page_of_it)
    expect(ada.get_by_text("My morning island")).to_have_count(0)

    selling.open_list(sue, "Reviews")
    look_at_screen(sue)
    selling.open_one(sue, "My morning island")
    expect(sue.get_by_role("img", name="Picture by Ada")).to_be_visible()
    look_at_screen(sue)
    selling.press(sue, "Publish")
    expect(sue.get_by_text("The review is shown.")).to_be_visible()
    shop.work()
    make_renditions(Review.objects.get().photos.get())

    eve = come_in(java_script_enabled=False)
    eve.goto(f"{page_of_it}?stars=5")
    expect(eve.get_by_role("heading", name="My morning island")).to_be_visible()
    expect(eve.get_by_role("article").get_by_text("Verified purchase")).to_be_visible()
    expect(eve.get_by_role("img", name="Picture by Ada")).to_be_visible()
    eve.get_by_role("button", name="Helpful").click()
    expect(eve.get_by_text("Thank you, your vote counts.")).to_be_visible()
    expect(eve.get_by_text("1 person found this helpful")).to_be_visible()
    ada.goto(f"{page_of_it}?order=helpful")
    expect(ada.get_by_role("heading", name="My morning island")).to_be_visible()
    look(ada)
