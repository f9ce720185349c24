"""Two at once, on real connections. Every race has a control: with its guard off, the harm happens."""

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import IntegrityError, connection
from django.db.models.functions import Now

from catalog.models import Movement
from checkout.carriers import carrier
from fulfillment import holding, labelling, picking, receiving, returning, shipping, tracking
from fulfillment.models import Return, ReturnLine, Shipment, ShipmentLine
from fulfillment.tests.factories import ask_back, make_order, send, work_of
from orders.cancelling import TooLateToCancel, cancel_order
from orders.models import Order
from shop.core import integrity
from shop.core.states import IllegalMove
from shop.tests.people import grace

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable) -> list:
    """What each of them returned or raised."""
    results: list = [None] * len(acts)

    def run(at: int, act: Callable) -> None:
        try:
            results[at] = act()
        except Exception as error:
            results[at] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at, act)) for at, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def meet_after(monkeypatch, module, name: str, *, seconds: float = 1.5) -> None:
    """Both run `name`, then wait for each other; alone, one goes on after a moment."""
    real, barrier = getattr(module, name), threading.Barrier(2)

    def met(*args, **kwargs):
        result = real(*args, **kwargs)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=seconds)
        return result

    monkeypatch.setattr(module, name, met)


@pytest.fixture
def unlocked(monkeypatch):
    """The guard off: orders are read, not locked."""

    def off():
        monkeypatch.setattr(holding, "hold_order", lambda pk: Order.objects.get(pk=pk))

    return off


def wins(results: list) -> int:
    return sum(not isinstance(result, Exception) for result in results)


def broken() -> set[str]:
    return {code for code, found in integrity.run().items() if found}


# --- Two sellers make a parcel of the same goods ---


def two_parcels():
    order, seller = make_order(at="packed"), grace()
    work = work_of(order)
    return at_once(*[lambda: shipping.ship(work, carrier="manual", by=seller)] * 2)


def test_two_sellers_pack_the_same_goods_once(monkeypatch):
    meet_after(monkeypatch, shipping, "_contents")
    results = two_parcels()
    assert wins(results) == 1
    assert [type(one) for one in results if isinstance(one, Exception)] == [shipping.NotInTheBox]
    assert sum(ShipmentLine.objects.values_list("quantity", flat=True)) == 3
    assert broken() == set()


def test_control_without_the_lock_both_pack_them(monkeypatch, unlocked):
    unlocked()
    meet_after(monkeypatch, shipping, "_contents")
    assert wins(two_parcels()) == 2
    assert "P04-parcel-contents" in broken()


# --- A parcel is handed over twice ---


def test_a_parcel_handed_over_by_two_leaves_once(monkeypatch):
    parcel, seller = shipping.ship(work_of(make_order(at="packed")), carrier="manual", by=grace()), grace()
    meet_after(monkeypatch, shipping, "refuse_unless_sendable")

    results = at_once(*[lambda: shipping.hand_over(parcel, by=seller)] * 2)

    assert wins(results) == 1 and any(isinstance(one, IllegalMove) for one in results)
    assert Movement.objects.filter(kind="ship").count() == 2  # one a line
    assert broken() == set()


# --- The customer cancels while a seller picks ---


def cancel_while_picking(monkeypatch):
    """The seller has looked, and is just about to write; the customer presses Cancel."""
    order, seller = make_order(at="cod"), grace()
    work, looked, done = work_of(order), threading.Event(), threading.Event()
    real = picking.refuse_unless_sendable

    def look(checked):
        real(checked)
        looked.set()
        done.wait(timeout=1.5)

    def cancel():
        looked.wait(timeout=5)
        try:
            return cancel_order(Order.objects.get(pk=order.pk), reason="", by=None)
        finally:
            done.set()

    monkeypatch.setattr(picking, "refuse_unless_sendable", look)
    return at_once(lambda: picking.pick(work, by=seller), cancel)


def test_either_the_seller_picks_or_the_customer_cancels(monkeypatch):
    picked, cancelled = cancel_while_picking(monkeypatch)
    assert picked.status == "picked"
    assert isinstance(cancelled, TooLateToCancel)
    assert broken() == set()


def test_control_without_the_lock_only_the_database_stops_them(monkeypatch, unlocked):
    unlocked()
    picked, cancelled = cancel_while_picking(monkeypatch)
    assert isinstance(picked, IntegrityError)  # order_line_not_overpicked: no answer for a seller
    assert cancelled.status == "cancelled"


# --- A return is scanned twice ---


def two_inspections():
    order, seller = make_order(at="completed"), grace()
    wish = ask_back(order)
    returning.approve(wish, by=seller)
    receiving.receive(wish, by=seller)
    fine = {line.order_line_id: ReturnLine.Condition.SELLABLE for line in wish.lines.all()}
    return at_once(*[lambda: receiving.inspect(wish, conditions=fine, by=seller)] * 2)


def test_a_return_inspected_by_two_is_restocked_once(monkeypatch):
    meet_after(monkeypatch, receiving, "_condition")
    results = two_inspections()
    assert wins(results) == 1 and any(isinstance(one, IllegalMove) for one in results)
    assert Movement.objects.filter(kind="restock").count() == 2  # one a line
    assert broken() == set()


def test_control_without_its_guards_it_is_restocked_twice(monkeypatch, unlocked):
    unlocked()
    monkeypatch.setattr(
        Return, "move_to", lambda wish, new, **changes: Return.objects.filter(pk=wish.pk).update(status=new)
    )
    monkeypatch.setattr(receiving.progress, "note_returned", lambda *args, **kwargs: None)
    meet_after(monkeypatch, receiving, "_condition")
    assert wins(two_inspections()) == 2
    assert Movement.objects.filter(kind="restock").count() == 4


def test_the_same_pieces_are_asked_back_once(monkeypatch):
    order = make_order(at="delivered")
    meet_after(monkeypatch, returning, "eligible")
    results = at_once(*[lambda: ask_back(order)] * 2)
    assert wins(results) == 1 and any(isinstance(one, returning.NotReturnable) for one in results)
    assert broken() == set()


def test_control_without_the_lock_they_are_asked_back_twice(monkeypatch):
    order = make_order(at="delivered")
    monkeypatch.setattr(returning, "hold_order", lambda pk: Order.objects.get(pk=pk))
    meet_after(monkeypatch, returning, "eligible")
    assert wins(at_once(*[lambda: ask_back(order)] * 2)) == 2
    assert "N05-returned" in broken()


# --- Two workers ask for one label ---


def two_workers(monkeypatch, carriers):
    """Both have asked whether there is a label already, and heard that there is none."""
    parcel = shipping.ship(work_of(make_order(at="packed")), carrier="ups", by=grace())
    house = carrier("ups")
    house.rates  # noqa: B018 - the SDK is loaded once, not by two threads
    meet_after(monkeypatch, house, "recovered", seconds=3)
    results = at_once(*[lambda: labelling.fetch(parcel)] * 2)
    return results, [one for one in carriers.parcels() if one["stage"] != "voided"]


def test_two_workers_buy_one_label(monkeypatch, carriers):
    results, made = two_workers(monkeypatch, carriers)
    assert len(made) == 1
    assert {type(one) for one in results} == {Shipment, labelling.LabelLate}


def test_control_without_the_lease_they_buy_two(monkeypatch, carriers):
    monkeypatch.setattr(labelling, "_lease", lambda shipment: True)
    _results, made = two_workers(monkeypatch, carriers)
    assert len(made) == 2


# --- Two pollers ---


def test_two_pollers_share_the_work(carriers):
    for _ in range(3):
        send(make_order(at="packed"), carrier="ups")
    Shipment.objects.update(next_poll_at=Now())
    results = at_once(tracking.poll_due, tracking.poll_due)
    assert sum(results) == 3
    assert len(carriers.requests("ups.track")) == 3
