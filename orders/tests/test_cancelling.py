import pytest

from catalog import stock
from orders import progress
from orders.cancelling import TooLateToCancel, cancel_order
from orders.models import Order
from shop.core.models import Event, Message
from shop.tests.people import ada, grace
from shop.tests.walk import fresh, make_order, mug, pay, place

pytestmark = pytest.mark.django_db


def test_puts_the_goods_back_on_sale():
    variant = mug(stock=5)
    order = make_order(at="cod", lines={variant: 2})
    assert stock.available([variant.pk])[variant.pk] == 3

    order = cancel_order(order, reason="changed my mind", by=None)

    assert stock.available([variant.pk])[variant.pk] == 5
    assert (order.status, order.owed_minor, order.fulfillment_status) == ("cancelled", 0, "none")
    assert order.attempts.get().status == "canceled"


def test_sends_back_what_was_paid_and_says_so(stripe):
    order = make_order(at="paid")
    cancel_order(order, reason="", by=ada())
    order = fresh(order)

    assert (order.payment_status, order.due_minor) == ("refunded", 0)
    assert order.cancelled_because == Order.CancelledBecause.CUSTOMER
    assert {mail.name for mail in Message.objects.all()} == {"receipt", "order_cancelled", "refund_made"}


def test_withdraws_what_could_still_be_paid(stripe):
    from orders.paying import start_payment

    order = place({mug(): 1})
    attempt = start_payment(order).attempt
    cancel_order(order, reason="", by=None)
    fresh(order)

    attempt.refresh_from_db()
    assert attempt.status == "canceled"
    with pytest.raises(Exception, match="canceled"):
        pay_intent(attempt)


def test_an_authorised_payment_is_let_go(stripe, settings):
    from orders.paying import settle

    settings.SHOP_STRIPE_CAPTURE = "manual"
    order = place({mug(): 1})
    settle(pay(order))
    cancel_order(order, reason="", by=None)

    order = fresh(order)
    assert order.attempts.get().status == "canceled" and order.due_minor == 0


@pytest.mark.parametrize("done", ["picked", "shipped"])
def test_refuses_once_somebody_has_begun_and_changes_nothing(done):
    order = make_order(at="cod")
    line = order.lines.first()
    if done == "picked":
        progress.note_picked(line, quantity=1)
    else:
        stock.ship(order.holder, variant=line.variant_id, quantity=1)
        progress.note_shipped(line, quantity=1)
    before = Event.objects.count()

    with pytest.raises(TooLateToCancel):
        cancel_order(order, reason="", by=None)

    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED and Event.objects.count() == before
    assert stock.promised(order.holder)


def test_cancelling_again_changes_nothing(stripe):
    order = make_order(at="paid")
    cancel_order(order, reason="", by=None)
    before = Event.objects.count()
    cancel_order(order, reason="", by=None)
    assert Event.objects.count() == before and order.refunds.count() == 1


def test_the_words_of_the_customer_stay_on_the_order_alone(stripe):
    order = cancel_order(make_order(at="paid"), reason="moving to Elm Street 5", by=None)

    assert fresh(order).cancel_note == "moving to Elm Street 5"
    assert Event.objects.get(name="order.cancelled").data == {"because": "customer"}
    assert order.refunds.get().reason == "cancelled"


def test_says_who_it_was():
    assert cancel_order(make_order(at="cod"), reason="", by=grace()).cancelled_because == "shop"
    assert cancel_order(make_order(at="cod"), reason="", by=ada()).cancelled_because == "customer"


def pay_intent(attempt):
    from checkout.gateways.stripe_client import client

    client().v1.payment_intents.confirm(
        attempt.provider_ref, {"payment_method": "pm_card_visa", "return_url": "https://shop.example/back"}
    )
