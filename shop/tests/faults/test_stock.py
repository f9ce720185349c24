"""A01, A03, A10: the last piece, two things in opposite order, and a server that dies between promise and order."""

from collections import Counter
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from catalog import stock
from catalog.models import Reservation, StockItem
from catalog.tests.factories import make_variant
from checkout.models import Checkout
from checkout.starting import sweep
from checkout.tests.factories import make_checkout
from orders.models import Order
from shop.tests.faults.buyers import Buyer, at_once, number_of
from shop.tests.faults.servers import database_url, wait_until
from shop.tests.faults.weakening import weaken

pytestmark = pytest.mark.django_db(transaction=True)
CHECK = "stock_reserved_within_on_hand"


@contextmanager
def without_check():
    """The table's own CHECK is dropped; it comes back, on an empty table."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE catalog_stockitem DROP CONSTRAINT {CHECK}")
        yield
        cursor.execute("TRUNCATE catalog_stockitem CASCADE")
        cursor.execute(
            f"ALTER TABLE catalog_stockitem ADD CONSTRAINT {CHECK} CHECK (reserved >= 0 AND on_hand >= reserved)"
        )


def the_last_piece(floor, *, buyers: int) -> tuple[list, list]:
    """Everybody stands at the payment page, all reservations have run out, one piece is left: all press at once."""
    variant = floor.sells(buyers)
    people = [floor.buyer() for _ in range(buyers)]
    pages = [
        b.stands_at(make_checkout({variant: 1}, email=f"b{n}@example.com")) for n, b in enumerate(people)
    ]
    Reservation.objects.update(expires_at=Now())
    stock.release_expired()
    stock.count(StockItem.objects.get(), counted=1, reason="the rest fell off the shelf")
    answers = at_once([lambda b=b, page=page: b.press(page) for b, page in zip(people, pages, strict=True)])
    return people, answers


def test_a01_twenty_buyers_of_the_last_piece_make_one_order(floor):
    people, answers = the_last_piece(floor, buyers=20)

    assert {answer.status for answer in answers} == {303}
    won = [number_of(answer) for answer in answers if number_of(answer)]
    assert won == [Order.objects.get().number]
    losers = [b for b, answer in zip(people, answers, strict=True) if answer.leads_to == "/cart/"]
    assert len(losers) == 19
    told = losers[0].get("/cart/")
    assert "sold" in told.text.lower() and losers[0].has_cart()
    item = StockItem.objects.get()
    assert (item.on_hand, item.reserved) == (1, 1)


def test_a01_control_without_the_guards_it_is_sold_more_than_once(floor, books, monkeypatch):
    books.are_broken_on_purpose()
    weaken("stock", put=monkeypatch.setattr)
    with without_check():
        _people, answers = the_last_piece(floor, buyers=5)
        assert len([answer for answer in answers if number_of(answer)]) > 1
        assert StockItem.objects.filter(reserved__gt=F("on_hand")).exists()


def deadlocks() -> int:
    """Counted by PostgreSQL itself; a session's own come in when it ends, so a fresh one asks."""
    with psycopg.connect(database_url()) as fresh:
        fresh.execute("SELECT pg_stat_force_next_flush()")
        return fresh.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()[0]


def opposite_orders(floor, *, buyers: int, loops: int) -> Counter:
    """Half of the buyers have the two things in their carts one way round, half the other; all start over and over."""
    a, b = floor.sells(10_000), floor.sells(10_000)
    people = [floor.buyer().fill_cart({a: 1, b: 1} if n % 2 else {b: 1, a: 1}) for n in range(buyers)]
    carts = [person.get("/cart/") for person in people]

    def again(person, cart):
        return [person.submit(cart, "/checkout/").status for _ in range(loops)]

    found = at_once([lambda p=p, c=c: again(p, c) for p, c in zip(people, carts, strict=True)])
    return Counter(status for statuses in found for status in statuses)


def test_a03_opposite_orders_never_deadlock(floor, monkeypatch):
    before, held = deadlocks(), stock.locked

    def held_a_little(which):
        found = held(which)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.005)")
        return found

    monkeypatch.setattr(stock, "locked", held_a_little)
    assert opposite_orders(floor, buyers=4, loops=13) == {303: 52}
    assert deadlocks() == before
    assert StockItem.objects.filter(reserved=4).count() == 2


def test_a03_control_rows_locked_as_they_come_deadlock(floor, books, monkeypatch):
    books.are_broken_on_purpose()
    before = deadlocks()
    weaken("lock-order", put=monkeypatch.setattr)
    opposite_orders(floor, buyers=2, loops=3)
    wait_until(
        lambda: deadlocks() > before, seconds=10
    )  # a session that lives on reports its count a moment later


def test_a10_a_server_that_dies_while_placing_leaves_a_promise_that_ends(web, servers):
    variant = make_variant(stock=3)
    buyer = Buyer(web.url)
    page = buyer.to_payment({variant: 2})
    assert stock.available([variant.pk]) == {variant.pk: 1}

    dying = servers.web(workers=1, SHOP_FAULTS="reserve.done:kill")
    buyer.url = dying.url
    with pytest.raises(OSError):
        buyer.press(page)

    assert not Order.objects.exists()
    assert Checkout.objects.get().status == Checkout.Status.OPEN
    assert stock.available([variant.pk]) == {variant.pk: 1}, "the promise stands until its time is over"
    Reservation.objects.update(expires_at=Now())
    Checkout.objects.update(reserved_until=Now())
    assert sweep() == 1
    assert stock.available([variant.pk]) == {variant.pk: 3}

    buyer.url = web.url
    assert number_of(buyer.press(page)) == Order.objects.get().number
