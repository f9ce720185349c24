"""Who collects the goods himself pays when he does: no page, mail or slip speaks of a carrier."""

import re

import pytest

from checkout.tests.factories import make_method, make_zone
from fulfillment import picking, shipping
from fulfillment.models import FulfillmentOrder, Shipment
from fulfillment.slips import sheets
from orders.tests.visiting import opened, press, with_checkout
from shop.core.models import Message
from shop.tests.people import grace
from shop.tests.walk import COD, fresh, make_order, mug, place

pytestmark = pytest.mark.django_db
OF_CARRIERS = re.compile(r"carrier|on delivery|when it arrives|parcel arrives|when it leaves", re.I)


@pytest.fixture
def pickup():
    return make_method(make_zone(), code="pickup", prices={30_000: 0}, is_pickup=True)


def plain(answer) -> str:
    """What the page itself says, without the house around it."""
    found = re.search(r"<main.*</main>", answer.content.decode(), re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0]))


def sheet_of(order) -> dict:
    (sheet,) = sheets(FulfillmentOrder.objects.with_lines().filter(order=order))
    return sheet


def test_the_payment_page_and_the_order_speak_of_collecting(client, pickup):
    checkout = with_checkout(client, method="pickup")
    page = client.get("/checkout/payment/")
    assert f'value="{COD}"' in page.text and "Pay when you collect" in plain(page)
    assert not OF_CARRIERS.search(plain(page))

    press(client, checkout, gateway=COD)
    checkout.refresh_from_db()
    said = plain(client.get(f"/orders/{checkout.order_number}/"))
    assert "Pay when you collect" in said and "To pay when collected" in said
    assert not OF_CARRIERS.search(said)


def test_the_pay_page_of_an_order_speaks_of_collecting_too(client, pickup, stripe):
    order = opened(client, place({mug(): 1}, method="pickup"))
    said = plain(client.get(f"/orders/{order.number}/payment/"))
    assert "Pay when you collect" in said and not OF_CARRIERS.search(said)


def test_mails_and_slip_say_so_until_the_money_is_there(pickup, client):
    order = make_order(at="cod", lines={mug(): 1}, method="pickup")
    (mail,) = Message.objects.filter(name="order_confirmed")
    assert "Pay when you collect" in mail.text and "write again when you can collect it" in mail.text
    assert not OF_CARRIERS.search(mail.text) and not OF_CARRIERS.search(mail.html)
    assert ["Payment", "Pay when you collect"] in sheet_of(order)["facts"]
    assert sheet_of(order)["to_label"] == "To be collected by"

    work = order.fulfillment_orders.get()
    picking.pick(work, by=grace())
    picking.pack(work, by=grace())
    shipping.hand_over(shipping.ship(work, carrier=Shipment.PICKUP, by=grace()), by=grace())
    order = fresh(order)
    mail = Message.objects.get(name="ready_to_collect")
    assert f"You pay {order.total.format()} when you collect it." in mail.text
    assert order.total.format() in mail.html and not OF_CARRIERS.search(mail.text)

    client.force_login(grace())
    page = client.get(f"/admin/orders/order/{order.pk}/change/").text
    assert f"The customer has paid {order.total.format()}." in page and "The carrier has paid" not in page
    client.post(f"/admin/orders/order/{order.pk}/record_cash/")
    assert "Payment" not in dict(sheet_of(fresh(order))["facts"])


def test_what_a_carrier_brings_is_still_paid_to_him(client):
    checkout = with_checkout(client)
    assert "You pay the carrier when the parcel arrives." in plain(client.get("/checkout/payment/"))
    press(client, checkout, gateway=COD)
    checkout.refresh_from_db()
    assert "To pay on delivery" in plain(client.get(f"/orders/{checkout.order_number}/"))
    fresh(order := make_order(at="cod"))
    assert ["Payment", "Cash on delivery"] in sheet_of(order)["facts"]
