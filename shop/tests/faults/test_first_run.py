"""The first-run list (AD2): a new shop's owner is told what is missing, is led there, and sees it ticked off, then gone."""

import pytest

from catalog.tests.factories import make_variant
from checkout.models import ShippingZone, TaxZone
from checkout.tests.factories import make_tax, make_zone
from shop.core.models import Shop
from shop.tests.people import PASSWORD, grace
from shop.tests.walk import make_order

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "Before you open"
STEPS = [
    "Name the shop and its company",
    "Set the taxes",
    "Set the prices of delivery",
    "Choose how customers pay",
    "Put the first product on sale",
    "Place a test order",
]


def open_steps(page) -> list[str]:
    """The steps that are still links."""
    return [step for step in STEPS if f">{step}</a>" in page.text]


def test_ad2_the_owner_is_led_through_the_first_run(empty_floor):
    grace()
    owner = empty_floor.visitor()
    owner.sign_in("grace@example.com", PASSWORD)

    page = owner.get("/admin/")
    assert LIST in page.text and open_steps(page) == STEPS
    for link in links_of_steps(page):
        assert owner.follow(owner.get(link)).status == 200, link

    named = owner.follow(owner.get("/admin/core/shop/"))
    saved = owner.submit(
        named, "/admin/core/shop/add/", name="Isoline", company="Isoline GmbH", email="hello@isoline.example"
    )
    assert saved.status == 302 and Shop.objects.get().company == "Isoline GmbH"
    assert open_steps(owner.get("/admin/")) == [step for step in STEPS[1:] if step != STEPS[3]]

    make_tax("AT", "20")
    make_zone()
    make_variant(stock=5)
    assert TaxZone.objects.exists() and ShippingZone.objects.exists()
    assert open_steps(owner.get("/admin/")) == [STEPS[5]]

    make_order(at="cod")
    page = owner.get("/admin/")
    assert LIST not in page.text and open_steps(page) == []


def links_of_steps(page) -> list[str]:
    start = page.text.index('class="overview-steps"')
    return [link for link in page.links if link in page.text[start : page.text.index("</ol>", start)]]
