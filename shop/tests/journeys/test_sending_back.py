"""A buyer sends something back from the order's page; a seller takes it in and pays it back, to the cent."""

import pytest
from playwright.sync_api import expect

from fulfillment import picking
from orders.models import Order
from shop.tests import walk
from shop.tests.journeys import reading, selling, stocking
from shop.tests.journeys.looking import look, look_at_screen
from shop.tests.people import grace

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def delivered(shop) -> Order:
    """Two mugs, paid by card, sent by hand, arrived."""
    order = walk.make_order(at="paid", lines={stocking.one_mug(): 2})
    shop.work()
    for work in order.fulfillment_orders.all():
        picking.pick(work, by=grace())
        picking.pack(work, by=grace())
    walk.send(order)
    walk.arrive(order)
    shop.work()
    return walk.fresh(order)


def test_one_of_two_mugs_comes_back_and_is_paid_back(shop, delivered, come_in):
    mug = stocking.one_mug()
    before = stocking.free(mug)
    buyer, seller = come_in(), come_in()
    buyer.goto(reading.link(reading.only_mail(shop.inbox, "arrived"), "/o/"))
    buyer.watch.expects("status of 422")  # the form that was sent empty
    buyer.get_by_role("link", name="Send something back").click()
    look(buyer)
    buyer.get_by_role("button", name="Ask to send back").click()
    expect(buyer.locator("[data-error-summary]")).to_be_focused()
    look(buyer)
    buyer.get_by_label("How many?").select_option("Send 1 back")
    buyer.get_by_label("Why?").select_option(index=1)
    buyer.get_by_label("Anything we should know?").fill("Prettier in the picture.")
    buyer.get_by_role("button", name="Ask to send back").click()
    expect(buyer.get_by_text("Thank you, we have your return")).to_be_visible()
    look(buyer)
    shop.work()
    wish = delivered.returns.get()
    reading.only_mail(shop.inbox, wish.number)

    selling.sign_in(seller, selling.employ("Olga", role="orders"))
    look_at_screen(seller)
    selling.open_list(seller, "Returns")
    look_at_screen(seller)
    selling.open_one(seller, wish.number)
    look_at_screen(seller)
    selling.press(seller, "Approve")
    expect(seller.get_by_text("Approved: the customer learns by mail where to send it.")).to_be_visible()
    shop.work()
    buyer.reload()
    expect(buyer.get_by_role("heading", name="Send it to")).to_be_visible()
    look(buyer)
    look_at_screen(seller)
    selling.press(seller, "Received")
    look_at_screen(seller)
    selling.press(seller, "Inspected")
    look_at_screen(seller)
    seller.get_by_label("Delivery paid back (EUR)").fill("2.45")
    selling.press(seller, "Pay back")
    expect(seller.get_by_text("€21.45 goes back to the customer.")).to_be_visible()
    look_at_screen(seller)
    shop.work()
    shop.work()

    assert stocking.free(mug) == before + 1
    (charge,) = shop.at_stripe.charges.list().data
    assert (charge.amount, charge.amount_refunded) == (4290, 2145)
    assert delivered.returns.get().status == "refunded"
    after = Order.objects.get(pk=delivered.pk)
    assert (after.paid_minor, after.due_minor) == (4290 - 2145, 0)
    buyer.reload()
    expect(buyer.get_by_text("€21.45 goes back to you by Visa")).to_be_visible()
    look(buyer)
    buyer.get_by_role("link", name=f"Order {delivered.number}").click()
    expect(buyer.get_by_text("€21.45 paid back")).to_be_visible()
    look(buyer)
    told = reading.only_mail(shop.inbox, "€21.45")
    assert "€21.45" in reading.text_of(told)
