"""Every screen of the sellers as everybody meets it, by day and by night: axe finds nothing in what is ours.

Each screen is opened once; by night only its colours are looked at again, since nothing else differs.
"""

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from catalog.models import Product, StockItem
from fulfillment import receiving, returning
from fulfillment.models import FulfillmentOrder, Return, Shipment
from orders import progress, refunding
from orders.models import Order
from shop.core.models import Shop
from shop.tests import walk
from shop.tests.journeys import selling, stocking
from shop.tests.journeys.looking import look_at_its_colours_by_night, look_at_screen
from shop.tests.people import grace
from support import helping
from support.tests.factories import make_ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LISTS = [
    "orders_order",
    "orders_refund",
    "orders_paymentattempt",
    "fulfillment_fulfillmentorder",
    "fulfillment_shipment",
    "fulfillment_return",
    "catalog_product",
    "catalog_category",
    "catalog_stockitem",
    "catalog_review",
    "support_ticket",
    "support_faqentry",
    "checkout_shippingzone",
    "checkout_taxzone",
    "core_page",
    "core_message",
    "core_delivery",
    "accounts_user",
]


def owner(come_in) -> Page:
    page = come_in()
    selling.sign_in(page, selling.employ("Olga", role="owner"))
    return page


def go(page: Page, name: str, *args) -> None:
    answer = page.goto(reverse(f"admin:{name}", args=args))
    assert answer.ok, f"{answer.url}: {answer.status}"


def look_by_day_and_night(page: Page) -> None:
    look_at_screen(page)
    look_at_its_colours_by_night(page)


def see(page: Page, thing) -> None:
    """Its own page, with everything on it unfolded."""
    options = thing._meta
    go(page, f"{options.app_label}_{options.model_name}_change", thing.pk)
    page.evaluate("document.querySelectorAll('#content-main details').forEach((one) => (one.open = true))")
    look_by_day_and_night(page)


def test_the_overview_of_a_new_shop_and_of_one_that_sells(shop, come_in):
    Shop.objects.update(company="")
    page = owner(come_in)
    assert page.get_by_role("heading", name="Before you open").is_visible()
    look_by_day_and_night(page)
    Shop.objects.update(company="Isoline e.U.")
    progress.flag(walk.make_order(at="cod", lines={stocking.one_mug(): 1}), reason="Look.")
    page.reload()
    assert page.get_by_role("heading", name="Sales").is_visible()
    page.get_by_text("As a table").click()
    look_by_day_and_night(page)


def test_orders_and_what_is_paid_back(shop, come_in):
    mug = stocking.one_mug()
    unpaid, paid = walk.make_order(at="placed", lines={mug: 1}), walk.make_order(at="paid", lines={mug: 2})
    back = walk.make_order(at="paid", lines={mug: 1})
    refunding.refund(back, amount_minor=500, reason="A scratch.", by=grace())
    progress.flag(back, reason="Look.")
    shop.work()
    page = owner(come_in)
    for order in (unpaid, paid, back):
        see(page, order)


def test_work_parcels_and_returns(shop, come_in):
    mug = stocking.one_mug()
    for at in ("cod", "picked", "packed"):
        walk.make_order(at=at, lines={mug: 1})
    asked, approved, received, inspected = (
        walk.make_order(at="return_asked", lines={mug: 1}).returns.get() for _n in range(4)
    )
    for wish in (approved, received, inspected):
        returning.approve(wish, by=grace())
    for wish in (received, inspected):
        receiving.receive(wish, by=grace())
    lines = {line.order_line_id: "sellable" for line in inspected.lines.all()}
    receiving.inspect(inspected, conditions=lines, by=grace())
    shop.work()
    page = owner(come_in)
    for work in FulfillmentOrder.objects.exclude(status="shipped"):
        see(page, work)
    see(page, Shipment.objects.first())
    for wish in Return.objects.all():
        see(page, wish)
    see(page, Order.objects.filter(returns=asked).get())


def test_goods_stock_and_tickets(shop, come_in):
    ticket = make_ticket()
    helping.note(ticket, text="He has called twice.", by=grace())
    page = owner(come_in)
    for thing in (ticket, StockItem.objects.first(), Product.objects.first()):
        see(page, thing)
    for name in ("catalog_product_add", "catalog_collection_add", "catalog_searchedterm_changelist"):
        go(page, name)
        look_by_day_and_night(page)


def test_all_lists(shop, come_in):
    walk.make_order(at="return_asked", lines={stocking.one_mug(): 1})
    make_ticket()
    shop.work()
    page = owner(come_in)
    for name in LISTS:
        go(page, f"{name}_changelist")
        look_by_day_and_night(page)
