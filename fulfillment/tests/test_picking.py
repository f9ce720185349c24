import pytest

from checkout.gateways.stripe_client import client
from fulfillment import picking, shipping
from fulfillment.holding import NotToBeSent
from fulfillment.models import FulfillmentOrder
from fulfillment.tests.factories import fresh, make_order, mug, work_of
from orders import progress
from orders.cancelling import TooLateToCancel, can_cancel, cancel_order
from orders.models import Order
from orders.refunding import refund
from orders.settling import settle
from shop.core.models import Event
from shop.core.states import IllegalMove
from shop.tests.people import grace

pytestmark = pytest.mark.django_db
Status = FulfillmentOrder.Status


def picked(order: Order) -> list[int]:
    return list(order.lines.values_list("picked", flat=True))


def test_picking_counts_the_pieces_and_tells_who_did_it():
    order = make_order(at="cod")

    work = picking.pick(work_of(order), by=grace())

    assert (work.status, picked(order)) == (Status.PICKED, [2, 1])
    assert Event.objects.get(name="fulfillment_order.picked").actor == grace()


def test_from_picking_on_the_customer_cannot_cancel():
    order = make_order(at="picked")

    with pytest.raises(TooLateToCancel):
        cancel_order(order, reason="", by=None)

    assert work_of(order).status == Status.PICKED


def test_putting_it_back_lets_the_customer_cancel_again():
    order = make_order(at="picked")

    work = picking.unpick(work_of(order), by=grace())

    assert (work.status, picked(order)) == (Status.RELEASED, [0, 0])
    assert can_cancel(Order.objects.get(pk=order.pk))


def test_refuses_a_cancelled_order_even_before_its_work_was_called_back():
    order = make_order(at="cod")
    cancel_order(order, reason="", by=None)

    with pytest.raises(NotToBeSent):
        picking.pick(work_of(order), by=grace())

    assert (work_of(order).status, picked(order)) == (Status.RELEASED, [0, 0])


def test_refuses_an_order_on_which_somebody_must_look_first():
    order = make_order(at="cod")
    progress.flag(order, reason="disputed")

    with pytest.raises(NotToBeSent, match="disputed"):
        picking.pick(work_of(order), by=grace())


def test_refuses_an_order_that_was_paid_back(stripe):
    order = make_order(at="paid")
    refund(order, reason="changed my mind")

    with pytest.raises(NotToBeSent, match="paid back"):  # while the money is under way already
        picking.pick(work_of(order), by=grace())
    with pytest.raises(NotToBeSent, match="paid back"):
        picking.pick(work_of(fresh(order)), by=grace())

    assert picked(order) == [0, 0]
    assert cancel_order(order, reason="", by=grace()).status == Order.Status.CANCELLED


def test_refuses_an_order_that_was_paid_back_in_the_providers_dashboard(stripe):
    order = make_order(at="paid")
    attempt = order.attempts.get()
    client().v1.refunds.create({"payment_intent": attempt.provider_ref})
    settle(attempt)

    with pytest.raises(NotToBeSent, match="paid back"):
        picking.pick(work_of(order), by=grace())


def test_refuses_goods_that_were_all_paid_back_though_the_delivery_was_not(stripe):
    order = make_order(at="paid", lines={mug(): 1})
    refund(order, lines={order.lines.get().pk: 1}, reason="")

    with pytest.raises(NotToBeSent, match="paid back"):
        picking.pick(work_of(order), by=grace())


def test_picking_twice_is_picking_once():
    work = work_of(make_order(at="cod"))
    picking.pick(work, by=grace())

    with pytest.raises(IllegalMove):
        picking.pick(work, by=grace())

    assert picked(work.order) == [2, 1]


def test_packing_comes_after_picking():
    work = work_of(make_order(at="cod"))

    with pytest.raises(IllegalMove):
        picking.pack(work, by=grace())


def test_one_step_back_at_a_time():
    order = make_order(at="packed")

    assert picking.unpick(work_of(order), by=grace()).status == Status.PICKED
    assert picked(order) == [2, 1]
    assert picking.unpick(work_of(order), by=grace()).status == Status.RELEASED
    assert picked(order) == [0, 0]


def test_what_left_already_stays_picked():
    order = make_order(at="packed")
    mugs = order.lines.first()
    parcel = shipping.ship(work_of(order), carrier="manual", lines={mugs.pk: 1}, by=grace())
    shipping.hand_over(parcel, by=grace())

    picking.unpick(picking.unpick(work_of(order), by=grace()), by=grace())
    assert picked(order) == [1, 0]
    picking.pick(work_of(order), by=grace())
    assert picked(order) == [2, 1]


def test_refuses_to_unpack_what_waits_in_a_parcel():
    order = make_order(at="packed")
    shipping.ship(work_of(order), carrier="manual", by=grace())

    with pytest.raises(picking.ParcelsWait):
        picking.unpick(work_of(order), by=grace())

    assert work_of(order).status == Status.PACKED
