"""A seller ships, the carrier delivers; the buyer follows it on the order's page."""

import pytest
from django.core.management import call_command
from django.db.models.functions import Now
from playwright.sync_api import expect

from fulfillment.models import Shipment
from orders.models import Order
from shop.tests import walk
from shop.tests.journeys import reading, selling, stocking
from shop.tests.journeys.looking import look, look_at_screen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bought(shop, carriers) -> Order:
    """Paid by card; both carriers are there."""
    order = walk.make_order(at="paid", lines={stocking.one_mug(): 1})
    shop.work()
    return order


def test_a_seller_ships_and_the_buyer_sees_it_arrive(shop, bought, carriers, servers, come_in, settings):
    buyer, seller = come_in(), come_in()
    buyer.goto(reading.link(reading.only_mail(shop.inbox, bought.number), "/o/"))
    expect(buyer.get_by_text("We are packing your order.")).to_be_visible()

    selling.sign_in(seller, selling.employ("Olga", role="orders"))
    look_at_screen(seller)
    selling.open_list(seller, "Orders")
    look_at_screen(seller)
    selling.open_one(seller, bought.number)
    look_at_screen(seller)
    selling.press(seller, "Pick")
    look_at_screen(seller)
    selling.press(seller, "Pick")
    expect(seller.get_by_text("Picked. Now pack it.")).to_be_visible()
    selling.press(seller, "Pack")
    expect(seller.get_by_label("Carrier")).to_have_value("ups")
    look_at_screen(seller)
    selling.press(seller, "Make parcel")
    expect(seller.get_by_text("The label is being made; this page looks again by itself.")).to_be_visible()
    look_at_screen(seller)
    servers.outbox()  # its loop does what is to be done from now on, without a broker
    expect(
        seller.get_by_role("link", name="Open the label (PDF)")
    ).to_be_visible()  # the page looks again by itself
    label = seller.request.get(seller.get_by_role("link", name="Open the label (PDF)").get_attribute("href"))
    assert label.body().startswith(b"%PDF")
    look_at_screen(seller)
    selling.press(seller, "Hand over")
    expect(seller.get_by_text("It is on its way; the customer gets a mail.")).to_be_visible()
    shop.work()

    parcel = Shipment.objects.get()
    told = reading.only_mail(shop.inbox, "is on its way")
    assert parcel.tracking_number in reading.text_of(told) and parcel.tracking_number in reading.html_of(told)
    buyer.goto(reading.link(told, "/o/"))
    expect(buyer.get_by_role("heading", name="Your parcel")).to_be_visible()
    look(buyer)

    assert carriers.advance(parcel.tracking_number, steps=4)["pushed"][-1] == 200  # the carrier tells us
    shop.work()
    buyer.reload()
    expect(buyer.get_by_text("Out for delivery").first).to_be_visible()
    settings.SHOP_UPS_WEBHOOK_CREDENTIAL = "changed meanwhile"
    assert carriers.advance(parcel.tracking_number)["pushed"] == [400]  # nobody hears it, so it is asked for
    Shipment.objects.update(next_poll_at=Now())
    call_command("poll_tracking", verbosity=0)
    shop.work()
    buyer.reload()
    expect(buyer.get_by_text("Your order has arrived.")).to_be_visible()
    look(buyer)
    reading.only_mail(shop.inbox, "arrived")
    assert Order.objects.get().status == "completed"
    selling.open_list(seller, "Parcels")
    seller.get_by_role("link", name="Delivered").first.click()
    selling.open_one(seller, parcel.tracking_number)
    look_at_screen(seller)
