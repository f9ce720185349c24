"""Every page of the shop that a visitor may come to, and the pages for when something is wrong."""

import pytest
from playwright.sync_api import expect

from shop.core.models import Page
from shop.tests.journeys import stocking
from shop.tests.journeys.looking import PHONE, look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = [
    "/",
    "/c/prints/",
    "/c/mugs/?sort=price",
    "/search/?q=mug",
    "/search/?q=wombat",
    "/products/contour-eleven/",
    "/products/rosette/",
    "/cart/",
    "/contact/",
    "/help/faq/",
    "/orders/track/",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/de/",
    "/de/products/contour-mug/",
]
LOOKS = {
    "desk": {},
    "phone": {"viewport": {"width": PHONE, "height": 844}, "color_scheme": "dark", "is_mobile": True},
}


@pytest.mark.parametrize("look_of", LOOKS)
def test_every_page_is_in_order(shop, come_in, look_of):
    visitor = come_in(**LOOKS[look_of])
    for path in [*PAGES, *(f"/help/{slug}/" for slug in Page.objects.values_list("slug", flat=True))]:
        assert visitor.goto(path).status == 200, path
        look(visitor)


def test_what_is_not_there_is_told_kindly(shop, ada):
    ada.watch.expects("status of 404")
    assert ada.goto("/no-such-page/").status == 404
    look(ada)
    ada.get_by_role("main").get_by_role("searchbox").fill("mug")
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("link", name=stocking.MUG).first).to_be_visible()
