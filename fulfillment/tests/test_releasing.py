import pytest

from catalog.models import Reservation
from catalog.tests.factories import make_location, put_on_shelf
from fulfillment import picking, releasing
from fulfillment.models import FulfillmentOrder
from fulfillment.tests.factories import fresh, make_order, mug, work_of
from orders.cancelling import cancel_order
from orders.models import Order
from shop.core.models import Delivery, Event
from shop.tests.people import grace

pytestmark = pytest.mark.django_db
Status = FulfillmentOrder.Status


def test_a_confirmed_order_becomes_work_at_the_place_that_holds_its_goods():
    order = make_order(at="cod")

    work = work_of(order)

    assert (work.status, work.location.code) == (Status.RELEASED, "studio")
    assert {line.order_line_id: line.quantity for line in work.lines.all()} == {
        line.pk: line.quantity for line in order.lines.all()
    }


def test_releasing_again_is_the_same_work():
    order = make_order(at="cod")

    again = releasing.release(order)

    assert again == [work_of(order)]
    assert Event.objects.filter(name="fulfillment_order.released").count() == 1


def test_a_line_from_two_places_is_two_pieces_of_work():
    variant = mug(stock=1)
    put_on_shelf(variant, 3, location=make_location("depot", preference=5))

    order = make_order(at="cod", lines={variant: 3})

    works = {work.location.code: work.lines.get().quantity for work in order.fulfillment_orders.all()}
    assert works == {"studio": 1, "depot": 2}


def test_an_order_that_is_not_paid_is_nobodys_work():
    order = Order.objects.get(pk=make_order(at="cod").pk)
    FulfillmentOrder.objects.all().delete()
    Order.objects.update(status=Order.Status.PLACED)

    assert releasing.release(order) == []
    assert not FulfillmentOrder.objects.exists()


def test_goods_that_are_not_reserved_stop_the_release_loudly_and_make_nothing():
    order = make_order(at="cod")
    FulfillmentOrder.objects.all().delete()
    Reservation.objects.filter(holder=order.holder).first().delete()

    with pytest.raises(releasing.NotReserved):
        releasing.release(order)

    assert not FulfillmentOrder.objects.exists()


def test_a_cancelled_order_takes_its_work_back():
    order = make_order(at="cod")

    cancel_order(order, reason="changed my mind", by=None)
    order = fresh(order)

    assert order.fulfillment_orders.get().status == Status.CANCELLED
    assert not Delivery.objects.filter(done_at=None).exists()


def test_the_call_back_of_an_order_that_lives_changes_nothing():
    order = make_order(at="cod")

    assert releasing.call_back(order) == []
    assert work_of(order).status == Status.RELEASED


def test_an_order_that_came_back_to_life_before_it_was_called_back_keeps_one_piece_of_work():
    order = make_order(at="cod")
    old = work_of(order)
    other = make_location("depot", preference=5)
    FulfillmentOrder.objects.filter(pk=old.pk).update(location=other)  # its goods lie elsewhere since

    [new] = releasing.release(order)

    old.refresh_from_db()
    assert (old.status, new.location.code) == (Status.CANCELLED, "studio")


def test_work_that_has_begun_is_left_alone():
    order = make_order(at="cod")
    work = picking.pick(work_of(order), by=grace())

    assert releasing.release(order) == [work]
