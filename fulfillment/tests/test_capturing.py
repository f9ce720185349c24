"""Authorised first, taken when it is packed: no label is bought, and nothing leaves, for money that may still be refused."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from checkout.gateways.stripe_client import client
from fulfillment import labelling, picking, shipping
from fulfillment.holding import NotToBeSent
from fulfillment.models import Shipment
from orders.cancelling import cancel_order
from orders.lapsing import take_lapsing
from orders.models import Order
from orders.paying import settle
from orders.tests.factories import intents
from shop.core.models import Event
from shop.core.remarks import in_words
from shop.tests.people import grace
from shop.tests.walk import fresh, mug, pay, place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_hand(settings):
    settings.SHOP_STRIPE_CAPTURE = "manual"


def authorized():
    order = place({mug(): 1})
    settle(pay(order))
    order = fresh(order)
    assert (order.status, order.payment_status, order.paid_minor) == ("confirmed", "authorized", 0)
    return order


def test_packing_takes_the_money_before_a_parcel_is_made(stripe):
    order = authorized()
    work = order.fulfillment_orders.get()
    picking.pick(work, by=grace())
    assert fresh(order).payment_status == "authorized"
    picking.pack(work, by=grace())
    order = fresh(order)
    assert (order.payment_status, order.paid_minor) == ("paid", order.total_minor)
    names = list(
        Event.objects.filter(name__in=["order.confirmed", "order.paid"]).values_list("name", flat=True)
    )
    assert names == ["order.confirmed", "order.paid"]


def test_no_label_and_no_handing_over_while_the_money_is_not_taken(stripe, carriers):
    order = authorized()
    work = order.fulfillment_orders.get()
    picking.pick(work, by=grace())
    picking.pack(work, by=grace())  # nobody has taken it yet: no worker ran
    with_label = shipping.ship(work, carrier="ups", by=grace())
    with pytest.raises(labelling.LabelLate):
        labelling.fetch(with_label)
    assert Shipment.objects.get().status == Shipment.Status.LABEL_PENDING
    Shipment.objects.update(status=Shipment.Status.LABELLED)
    with pytest.raises(NotToBeSent, match="being taken"):
        shipping.hand_over(Shipment.objects.get(), by=grace())


def test_money_that_cannot_be_taken_stops_the_order(stripe):
    order = authorized()
    client().v1.payment_intents.cancel(order.attempts.get().provider_ref)
    work = order.fulfillment_orders.get()
    picking.pick(work, by=grace())
    picking.pack(work, by=grace())
    order = fresh(order)
    assert order.payment_status == "unpaid" and "ended before it was taken" in in_words(order.needs_review)
    with pytest.raises(NotToBeSent):
        shipping.ship(work, carrier="manual", by=grace())


def test_cancelling_lets_it_go(stripe):
    order = authorized()
    cancel_order(order, reason="", by=None)
    fresh(order)
    assert [one["status"] for one in intents()] == ["canceled"]


@pytest.mark.parametrize(("wish", "status"), [("capture", "paid"), ("show", "authorized")])
def test_what_is_about_to_lapse_is_taken_or_shown(stripe, settings, wish, status):
    settings.SHOP_LAPSING_AUTHORIZATION = wish
    order = authorized()
    assert take_lapsing() == []
    Order.objects.filter(pk=order.pk).update(confirmed_at=Now() - timedelta(days=6, hours=1))
    assert len(take_lapsing()) == 1
    order = fresh(order)
    assert order.payment_status == status and bool(order.needs_review) == (wish == "show")
    assert len(take_lapsing()) == (1 if wish == "show" else 0)
