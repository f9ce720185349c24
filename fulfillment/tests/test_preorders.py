"""An order of what is not there yet waits, and goes to the shelves by itself when it comes in."""

from datetime import timedelta

import pytest

from catalog import preordering
from catalog.tests.factories import put_on_shelf
from checkout.quoting import load, quote
from checkout.tests.factories import make_checkout
from fulfillment.models import FulfillmentOrder
from fulfillment.picking import pack, pick
from orders.cancelling import cancel_order
from shop.core import integrity
from shop.core.outbox import deliver_due
from shop.tests.people import grace
from shop.tests.walk import fresh, make_order, mug

pytestmark = pytest.mark.django_db
SOON = preordering.today() + timedelta(days=30)


def preorder(*, pieces=5):
    variant = mug(stock=0)
    preordering.take_preorders(variant, ships_by=SOON, pieces=pieces)
    return variant


def works(order):
    return list(order.fulfillment_orders.exclude(status="cancelled").order_by("pk"))


def sound() -> bool:
    return not any(integrity.run(["N0", "N2", "P0"]).values())


def test_the_delivery_is_promised_for_after_the_day_on_which_it_ships():
    print_, there = preorder(), mug(stock=3)
    plain, late = make_checkout({there: 1}), make_checkout({print_: 1, there: 1})
    assert min(offer.earliest for offer in load(plain).offers) < SOON
    assert all(offer.earliest >= SOON for offer in load(late).offers)
    days = {line.variant_id: line.ships_by for line in quote(late).lines}
    assert days == {print_.pk: SOON, there.pk: None}


def test_what_is_there_is_picked_and_what_is_not_waits_until_it_comes():
    print_, there = preorder(), mug(stock=3)
    order = fresh(make_order(lines={print_: 2, there: 1}))
    line = order.lines.get(variant=print_)
    assert line.ships_by == SOON and line.details[0].startswith("Preorder: ships by")
    [work] = works(order)
    assert [row.order_line.variant_id for row in work.lines.all()] == [there.pk] and sound()

    put_on_shelf(print_, 1)  # not enough: the line waits as a whole
    deliver_due()
    assert len(works(order)) == 1 and sound()

    put_on_shelf(print_, 1)
    deliver_due()
    [work] = works(order)  # nobody had begun: one parcel for both
    assert sum(row.quantity for row in work.lines.all()) == 3 and sound()


def test_work_that_was_begun_stays_and_the_preorder_gets_its_own():
    print_, there = preorder(), mug(stock=3)
    order = fresh(make_order(lines={print_: 1, there: 2}))
    [first] = works(order)
    boss = grace()
    pack(pick(first, by=boss), by=boss)
    put_on_shelf(print_, 4)
    deliver_due()
    begun, second = works(order)
    assert begun == first and begun.status == FulfillmentOrder.Status.PACKED
    assert [row.order_line.variant_id for row in second.lines.all()] == [print_.pk] and sound()


def test_a_cancelled_preorder_can_be_preordered_by_somebody_else():
    print_ = preorder(pieces=1)
    order = fresh(make_order(lines={print_: 1}))
    assert works(order) == []
    cancel_order(order, reason="changed my mind")
    assert preordering.state_of(print_) == (1, 0) and sound()
    assert works(fresh(make_order(lines={print_: 1}))) == [] and sound()
