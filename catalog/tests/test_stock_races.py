"""Many buyers at once, on real connections. Three guards keep the last piece from being sold twice: the lock, the
conditional UPDATE and the CHECK. Each is tried alone; with all three off the race is lost, so the race is real."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import cycle
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection
from django.db.models import F, Sum

from catalog import ledger, preordering, stock
from catalog.models import Movement, Reservation, StockItem
from catalog.stock import OutOfStock
from catalog.tests.factories import make_variant

pytestmark = pytest.mark.django_db(transaction=True)
CHECK = "stock_reserved_within_on_hand"


def at_once(calls: list[Callable]) -> list:
    """What each call returned, or the refusal or database error that it ended in; each on a connection of its own."""

    def run(call):
        try:
            return call()
        except (OutOfStock, DatabaseError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def sold_of_one(mug, buyers=12) -> int:
    outcomes = at_once(
        [lambda n=n: stock.reserve({mug.pk: 1}, holder=f"checkout:{n}", minutes=15) for n in range(buyers)]
    )
    return sum(isinstance(outcome, list) for outcome in outcomes)


def without_lock(which):
    rows = {item.pk: item for item in StockItem.objects.filter(which).select_related("location", "variant")}
    time.sleep(0.1)  # everybody has looked before anybody writes
    return rows


def without_condition(changes):
    for item, change in changes.items():
        StockItem.objects.filter(pk=item).update(
            reserved=F("reserved") + change.reserved, preordered=F("preordered") + change.preordered
        )


@contextmanager
def without_check(name=CHECK, rule="reserved >= 0 AND on_hand >= reserved"):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE catalog_stockitem DROP CONSTRAINT {name}")
        yield
        cursor.execute("TRUNCATE catalog_stockitem CASCADE")
        cursor.execute(f"ALTER TABLE catalog_stockitem ADD CONSTRAINT {name} CHECK ({rule})")


def test_the_last_piece_is_promised_once():
    mug = make_variant(stock=1)
    assert sold_of_one(mug) == 1
    assert StockItem.objects.get().reserved == 1


def test_the_conditional_update_alone_keeps_the_last_piece(monkeypatch):
    mug = make_variant(stock=1)
    monkeypatch.setattr(stock, "locked", without_lock)
    assert sold_of_one(mug) == 1


def test_the_check_alone_keeps_the_last_piece(monkeypatch):
    mug = make_variant(stock=1)
    monkeypatch.setattr(stock, "locked", without_lock)
    monkeypatch.setattr(ledger, "_write", without_condition)
    assert sold_of_one(mug) == 1


def test_control_without_any_guard_it_is_sold_twice(monkeypatch):
    mug = make_variant(stock=1)
    monkeypatch.setattr(stock, "locked", without_lock)
    monkeypatch.setattr(ledger, "_write", without_condition)
    with without_check():
        assert sold_of_one(mug) > 1


def one_preorder():
    print_ = make_variant(stock=0)
    soon = preordering.today() + timedelta(days=9)
    preordering.take_preorders(print_, ships_by=soon, pieces=1)
    return print_


def test_the_last_preorder_is_promised_once():
    assert sold_of_one(one_preorder()) == 1
    assert StockItem.objects.get().preordered == Reservation.objects.get().awaiting == 1


def test_control_without_any_guard_more_are_preordered_than_are_expected(monkeypatch):
    print_ = one_preorder()
    monkeypatch.setattr(stock, "locked", without_lock)
    monkeypatch.setattr(ledger, "_write", without_condition)
    with without_check("stock_preordered_within_expected", "preordered >= 0 AND expected >= preordered"):
        assert sold_of_one(print_) > 1


def test_fifty_pieces_for_many_buyers_are_promised_to_the_last_and_not_beyond():
    mug = make_variant(stock=50)
    wanted = [n % 3 + 1 for n in range(40)]
    at_once(
        [
            lambda n=n, pieces=pieces: stock.reserve({mug.pk: pieces}, holder=f"checkout:{n}", minutes=15)
            for n, pieces in enumerate(wanted)
        ]
    )
    item = StockItem.objects.get()
    assert item.reserved == Reservation.objects.aggregate(n=Sum("quantity"))["n"]
    assert 48 <= item.reserved <= 50


def test_buyers_of_the_same_things_in_opposite_order_never_wait_in_a_circle():
    a, b, c = (make_variant(stock=1000).pk for _ in range(3))

    def shop(holder, carts):
        for _, cart in zip(range(25), cycle(carts), strict=False):
            stock.reserve(cart, holder=holder, minutes=15)

    outcomes = at_once(
        [
            lambda: shop("checkout:1", [{a: 1, b: 1}, {c: 1}]),
            lambda: shop("checkout:2", [{b: 1, a: 1}, {a: 2}]),
            lambda: shop("checkout:3", [{c: 1}, {a: 1}]),
            lambda: shop("checkout:4", [{a: 1}, {c: 1, b: 1}]),
        ]
    )
    assert outcomes == [None] * 4


def test_sweeping_renewing_shipping_and_counting_at_once_keep_the_books():
    mug, tee = make_variant(stock=500), make_variant(stock=500)
    shelf = StockItem.objects.get(variant=mug)

    def buy(n):
        for turn in range(12):
            holder, order = f"checkout:{n}", f"order:{n}-{turn}"
            stock.reserve({mug.pk: 2, tee.pk: 1}, holder=holder, minutes=turn % 3)  # 0: expired at once
            stock.renew(holder, minutes=turn % 2)
            for row in stock.commit(holder, to=order):
                stock.ship(order, variant=row.stock_item.variant_id, quantity=1)
            stock.release(order, reason="cancelled")

    def sweep():
        for _ in range(30):
            stock.release_expired()

    def recount():
        for _ in range(15):
            shelf_now = StockItem.objects.get(pk=shelf.pk)
            stock.count(shelf_now, counted=shelf_now.on_hand)

    outcomes = at_once([*(lambda n=n: buy(n) for n in range(4)), sweep, sweep, recount])

    assert [outcome for outcome in outcomes if outcome is not None] == []
    for item in StockItem.objects.all():
        moved = Movement.objects.filter(stock_item=item).aggregate(
            a=Sum("on_hand_delta"), b=Sum("reserved_delta")
        )
        held = Reservation.objects.filter(stock_item=item).aggregate(n=Sum("quantity"))["n"] or 0
        assert (item.on_hand, item.reserved) == (moved["a"], moved["b"]) and item.reserved == held


def test_a_promise_renewed_while_the_sweeper_looks_is_kept(monkeypatch):
    mug = make_variant(stock=1)
    stock.reserve({mug.pk: 1}, holder="checkout:1", minutes=0)
    looked = stock.locked

    def then_the_buyer_returns(which):
        found = looked(which)
        at_once([lambda: stock.renew("checkout:1", minutes=15)])
        return found

    monkeypatch.setattr(stock, "locked", then_the_buyer_returns)
    assert stock.release_expired() == 0
    assert StockItem.objects.get().reserved == Reservation.objects.get().quantity == 1


def test_a_form_pressed_many_times_at_once_is_booked_once():
    """The lock is what makes the second press wait and find the first; without it, the key in the ledger refuses."""
    mug, once = make_variant(stock=1), uuid4()
    shelf = StockItem.objects.get()
    calls = [
        lambda: stock.receive(mug, location=shelf.location, quantity=4, once=once).on_hand
        for _press in range(6)
    ]
    assert at_once(calls) == [5] * 6
    assert Movement.objects.filter(once=once).count() == 1
