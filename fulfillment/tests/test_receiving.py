"""Returned goods: counted, looked at, back on the shelf."""

import pytest

from catalog.models import Movement, StockItem
from fulfillment import receiving, returning
from fulfillment.models import Return, ReturnLine
from fulfillment.tests.factories import ask_back, make_order, received, sellable
from shop.core.states import IllegalMove
from shop.tests.people import grace

pytestmark = pytest.mark.django_db
Status, Reason, Condition = Return.Status, ReturnLine.Reason, ReturnLine.Condition


def test_whatever_is_as_new_goes_back_on_the_shelf_and_only_that():
    order = make_order(at="delivered")
    mugs, paper = order.lines.all()
    wish = received(ask_back(order))

    receiving.inspect(wish, conditions={mugs.pk: Condition.SELLABLE, paper.pk: Condition.DAMAGED}, by=grace())

    shelf = dict(StockItem.objects.values_list("variant_id", "on_hand"))
    assert shelf == {mugs.variant_id: 10, paper.variant_id: 9}
    back = Movement.objects.get(kind="restock")
    assert (back.on_hand_delta, back.reference) == (2, wish.cause)
    assert [line.returned for line in order.lines.all()] == [2, 1]


def test_what_was_not_in_the_parcel_is_missing():
    order = make_order(at="delivered")
    mugs = order.lines.first()
    wish = ask_back(order)
    returning.approve(wish, by=grace())
    receiving.receive(wish, received={mugs.pk: 1}, by=grace())
    receiving.inspect(wish, conditions={mugs.pk: Condition.SELLABLE}, by=grace())

    assert [(line.received, line.condition) for line in wish.lines.order_by("order_line__position")] == [
        (1, Condition.SELLABLE),
        (0, Condition.MISSING),
    ]
    assert [line.returned for line in order.lines.all()] == [1, 0]


def test_refuses_more_pieces_than_were_announced():
    order = make_order(at="delivered")
    wish = ask_back(order, {order.lines.first().pk: 1})
    returning.approve(wish, by=grace())
    with pytest.raises(receiving.NotAsPromised):
        receiving.receive(wish, received={order.lines.first().pk: 2}, by=grace())
    wish.refresh_from_db()
    assert wish.status == Status.APPROVED


def test_refuses_to_inspect_without_a_condition():
    wish = received(ask_back(make_order(at="delivered")))
    with pytest.raises(receiving.NotAsPromised):
        receiving.inspect(wish, conditions={}, by=grace())
    assert not Movement.objects.filter(kind="restock").exists()


def test_a_parcel_scanned_twice_is_received_once_and_restocked_once():
    wish = received(ask_back(make_order(at="delivered")))
    with pytest.raises(IllegalMove):
        receiving.receive(wish, by=grace())
    receiving.inspect(wish, conditions=sellable(wish), by=grace())
    with pytest.raises(IllegalMove):
        receiving.inspect(wish, conditions=sellable(wish), by=grace())
    assert Movement.objects.filter(kind="restock").count() == 2  # one a line
