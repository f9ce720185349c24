"""A set through the house: its parts are reserved, frozen, shipped from, listed and put back."""

import pytest

from cart.adding import add_line
from cart.tests.factories import make_cart
from cart.totals import totals
from catalog.models import StockItem
from catalog.products.bundling import set_parts
from catalog.tests.factories import make_location, make_set, make_variant, put_on_shelf
from checkout.quoting import quote
from checkout.tests.factories import make_checkout
from fulfillment import shipping
from fulfillment.slips import sheets
from fulfillment.tests.factories import ask_back, fresh, make_order, mug, send, take_back, work_of
from orders.cancelling import cancel_order
from orders.paying import record_cash
from orders.placing import PriceChanged, place_order
from shop.core import integrity
from shop.tests.people import grace
from shop.tests.walk import arrive

pytestmark = pytest.mark.django_db


def shelf(variant) -> tuple[int, int]:
    row = StockItem.objects.get(variant=variant)
    return row.on_hand, row.reserved


def in_order() -> bool:
    return not any(integrity.run(["N0", "N1", "C06", "P0"]).values())


def test_a_set_takes_its_parts_from_the_shelf_and_puts_them_back():
    cup, book = mug(stock=6), make_variant(stock=9)
    desk = make_set({cup: 2, book: 1})

    order = make_order(at="packed", lines={desk: 2, cup: 1})
    assert (shelf(cup), shelf(book)) == ((6, 5), (9, 2)) and in_order()

    line = order.lines.get(variant=desk)
    assert line.details == [f"2 × {cup.full_name}", f"1 × {book.full_name}"]
    [sheet] = sheets([work_of(order)])
    assert [f"2 × {cup.full_name}" in row[2] for row in sheet["lines"]] == [True, False]

    send(order)
    arrive(order)
    record_cash(order, by=grace())
    assert (shelf(cup), shelf(book)) == ((1, 0), (7, 0)) and in_order()

    take_back(ask_back(order, {line.pk: 1}))
    assert (shelf(cup), shelf(book)) == ((3, 0), (8, 0)) and in_order()


def test_an_order_keeps_the_parts_that_it_was_promised():
    cup, book = mug(stock=6), make_variant(stock=9)
    desk = make_set({cup: 1})
    order = make_order(at="cod", lines={desk: 2})

    set_parts(desk, parts={book.pk: 3})
    assert in_order()
    cancel_order(order, reason="", by=grace())

    assert (shelf(cup), shelf(book)) == ((6, 0), (9, 0)) and in_order()


def test_who_saw_other_parts_is_asked_again():
    cup, book = mug(stock=6), make_variant(stock=9)
    desk = make_set({cup: 1})
    checkout = make_checkout({desk: 1})
    seen = quote(checkout).fingerprint

    set_parts(desk, parts={book.pk: 1})

    with pytest.raises(PriceChanged):
        place_order(checkout, gateway="cash_on_delivery", fingerprint=seen, terms_version=None)
    assert in_order()


def test_a_set_and_its_part_in_one_cart_share_what_there_is():
    cup, book = mug(stock=3), make_variant(stock=9)
    desk = make_set({cup: 2, book: 1})
    cart = make_cart({desk: 1})

    line = add_line(cart, variant=cup, quantity=3)

    assert line.quantity == 1 and "Only 1 piece" in line.notice
    assert [found.quantity for found in totals(cart).lines] == [1, 1]
    StockItem.objects.filter(variant=cup).update(on_hand=1)
    assert [found.quantity for found in totals(cart).lines] == [0, 1]


def test_parts_that_lie_apart_leave_as_one_set():
    cup, book = mug(stock=4), make_variant(stock=None)
    put_on_shelf(book, 5, location=make_location("depot", preference=5))
    desk = make_set({cup: 1, book: 1})

    order = make_order(at="packed", lines={desk: 2, book: 1})

    places = {
        work.location.code: [line.quantity for line in work.lines.all()]
        for work in order.fulfillment_orders.all()
    }
    assert places == {"studio": [2], "depot": [1]}
    for work in order.fulfillment_orders.all():
        send_from(work)
    assert fresh(order).fulfillment_status == "shipped"
    assert (shelf(cup), shelf(book)) == ((2, 0), (2, 0)) and in_order()


def send_from(work):
    shipping.hand_over(shipping.ship(work, carrier="manual", by=grace()), by=grace())
