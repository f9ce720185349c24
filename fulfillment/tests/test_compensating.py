"""How a return ends: with the money that was paid, or with a reason."""

import pytest

from fulfillment import compensating, picking, receiving, returning, tracking
from fulfillment.models import Return, ReturnLine, Shipment
from fulfillment.tests.factories import (
    ask_back,
    fresh,
    make_order,
    mug,
    received,
    sellable,
    send,
    take_back,
    work_of,
)
from orders import refunding
from orders.models import Order, Refund
from orders.paying import record_cash
from orders.standing import badges
from shop.core.models import Message
from shop.core.states import IllegalMove
from shop.tests.people import grace
from shop.tests.walk import arrive

pytestmark = pytest.mark.django_db
Status, Reason, Condition = Return.Status, ReturnLine.Reason, ReturnLine.Condition


def inspected(order: Order, quantities=None) -> Return:
    wish = received(ask_back(order, quantities))
    return receiving.inspect(wish, conditions=sellable(wish), by=grace())


def test_pays_back_what_the_pieces_were_paid_with_once():
    order = make_order(at="completed")
    mugs = order.lines.first()
    wish = inspected(order, {mugs.pk: 1})

    [refund] = compensating.settle(wish, by=grace())

    assert (refund.amount_minor, refund.cause) == (2900, wish.cause)
    assert refund.lines.get().quantity == 1
    with pytest.raises(IllegalMove):
        compensating.settle(wish, by=grace())
    assert Refund.objects.count() == 1


def test_a_card_is_paid_back_at_the_provider(stripe, deliver):
    order = make_order(at="paid")
    for step in (pick_and_send, arrive):
        step(order)
    take_back(ask_back(order))
    order = fresh(order)

    refund = Refund.objects.get()
    goods = order.goods_minor
    assert (refund.status, refund.amount_minor) == (Refund.Status.SUCCEEDED, goods)
    assert order.payment_status == Order.PaymentStatus.REFUNDED  # its delivery was free
    assert order.fulfillment_status == Order.FulfillmentStatus.RETURNED
    names = set(Message.objects.values_list("name", flat=True))
    assert {
        "return_requested",
        "return_approved",
        "return_received",
        "return_refunded",
        "refund_made",
    } <= names


def pick_and_send(order):
    picking.pack(picking.pick(work_of(order), by=grace()), by=grace())
    send(order)


def test_with_the_delivery_and_a_deduction():
    order = make_order(at="completed", lines={mug(): 1})
    wish = inspected(order)
    [refund] = compensating.settle(wish, shipping_minor=490, deduction_minor=450, by=grace())
    assert refund.amount_minor == 2900 + 490 - 450


@pytest.mark.parametrize("deduction", [2900, 3000, -1])
def test_refuses_a_deduction_that_leaves_nothing(deduction):
    wish = inspected(make_order(at="completed", lines={mug(): 1}))
    with pytest.raises(compensating.NotOwed):
        compensating.settle(wish, deduction_minor=deduction, by=grace())
    wish.refresh_from_db()
    assert wish.status == Status.INSPECTED and not Refund.objects.exists()


def test_refuses_more_delivery_than_was_paid():
    wish = inspected(make_order(at="completed", lines={mug(): 1}))
    with pytest.raises(refunding.TooMuch):
        compensating.settle(wish, shipping_minor=491, by=grace())
    wish.refresh_from_db()
    assert wish.status == Status.INSPECTED


def test_three_single_pieces_bring_back_the_price_to_the_cent():
    order = make_order(at="completed", lines={mug(price_minor=333): 3})
    line = order.lines.get()
    total = 0
    for _ in range(3):
        wish = inspected(order, {line.pk: 1})
        expected = compensating.worth_of(order, lines={line.pk: 1})
        [refund] = compensating.settle(wish, by=grace())
        assert refund.amount_minor == expected
        total += refund.amount_minor
    assert total == line.total_minor


def test_pieces_that_did_not_come_are_not_paid_for():
    order = make_order(at="completed")
    mugs, paper = order.lines.all()
    wish = ask_back(order)
    returning.approve(wish, by=grace())
    receiving.receive(wish, received={mugs.pk: 1}, by=grace())
    receiving.inspect(wish, conditions={mugs.pk: Condition.DAMAGED}, by=grace())
    with pytest.raises(compensating.NotOwed):
        compensating.settle(wish, lines={mugs.pk: 1, paper.pk: 1}, by=grace())
    [refund] = compensating.settle(wish, by=grace())
    assert refund.amount_minor == 2900


def came_back(order: Order) -> Return:
    """Its parcel could not be delivered, and is here again."""
    parcel = Shipment.objects.get(fulfillment_order__order=order, status=Shipment.Status.SHIPPED)
    tracking.turn_back(parcel, by=grace())
    wish = returning.take_in(parcel, by=grace())
    receiving.receive(wish, by=grace())
    return receiving.inspect(wish, conditions=sellable(wish), by=grace())


def test_cash_for_what_was_delivered_is_recorded_before_it_goes_back():
    order = make_order(at="delivered")
    wish = inspected(order)

    with pytest.raises(compensating.CashFirst, match="Record the cash first"):
        compensating.settle(wish, by=grace())
    wish.refresh_from_db()
    assert (wish.status, fresh(order).owed_minor) == (Status.INSPECTED, order.total_minor)

    record_cash(order, by=grace())
    [refund] = compensating.settle(wish, by=grace())
    assert refund.amount_minor == order.goods_minor


def test_an_order_of_which_nothing_is_owed_any_more_is_completed():
    order = make_order(at="shipped")
    wish = came_back(order)

    compensating.settle(wish, shipping_minor=order.shipping_minor, by=grace())

    order = fresh(order)
    assert (order.status, order.owed_minor, order.payment_status) == ("completed", 0, "unpaid")
    assert "To pay on delivery" not in [one["label"] for one in badges(order)]


def test_one_parcel_that_arrived_and_one_that_came_back_end_the_order():
    order = make_order(at="packed")
    record_cash(order, by=grace())
    mugs, paper = order.lines.all()
    send(order, lines={mugs.pk: 1})
    arrive(order)
    send(order, lines={mugs.pk: 1, paper.pk: 1})
    assert fresh(order).fulfillment_status == Order.FulfillmentStatus.SHIPPED

    compensating.settle(came_back(order), by=grace())

    order = fresh(order)
    assert (order.status, order.fulfillment_status) == ("completed", "delivered")
    assert [(line.delivered, line.undelivered) for line in order.lines.all()] == [(1, 1), (0, 1)]


def test_cash_that_was_never_collected_is_no_longer_owed():
    order = make_order(at="shipped")
    wish = came_back(order)

    assert compensating.settle(wish, by=grace()) == []

    order = fresh(order)
    assert (order.owed_minor, order.paid_minor) == (order.shipping_minor, 0)
    assert "no longer owe" in Message.objects.get(name="return_refunded").text


def test_closing_pays_nothing_and_says_why(deliver):
    wish = inspected(make_order(at="completed"))
    with pytest.raises(returning.NothingChosen):
        compensating.close(wish, reason="", by=grace())
    compensating.close(wish, reason="Worn for a year.", by=grace())
    deliver()
    assert "Worn for a year." in Message.objects.get(name="return_closed").text
    assert not Refund.objects.exists()


def test_money_goes_back_only_after_somebody_looked():
    wish = received(ask_back(make_order(at="completed")))
    with pytest.raises(IllegalMove):
        compensating.settle(wish, by=grace())
    assert not Refund.objects.exists()
