from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from cart import adding
from cart.adding import (
    NotForSale,
    NotInCart,
    SoldOut,
    TooManyLines,
    add_line,
    change_line,
    clear,
    remove_line,
    take_out,
)
from cart.models import Cart
from cart.tests.factories import make_cart
from catalog.models import Variant
from catalog.tests.factories import make_variant

pytestmark = pytest.mark.django_db


def contents(cart):
    return dict(cart.lines.values_list("variant", "quantity"))


def test_adding_the_same_thing_again_adds_to_its_line():
    teapot = make_variant(stock=9)
    cart = make_cart({teapot: 2})
    add_line(cart, variant=teapot, quantity=3)
    assert contents(cart) == {teapot.pk: 5}


def test_more_than_there_is_becomes_what_there_is_and_says_so():
    teapot = make_variant(stock=3)
    line = add_line(make_cart({}), variant=teapot, quantity=10)
    assert line.quantity == 3
    assert line.notice.startswith("Only 3 pieces of Teapot")


def test_refuses_when_not_one_piece_more_can_be_had_and_changes_nothing():
    teapot = make_variant(stock=3)
    cart = make_cart({teapot: 3})
    with pytest.raises(SoldOut) as refusal:
        add_line(cart, variant=teapot, quantity=1)
    assert "All we have" in refusal.value.message
    assert contents(cart) == {teapot.pk: 3}


def test_refuses_what_is_sold_out_withdrawn_or_unpublished():
    cart = make_cart({})
    for hopeless, why in (
        (make_variant(), SoldOut),
        (make_variant(stock=5, is_active=False), NotForSale),
        (make_variant(stock=5, published=False), NotForSale),
    ):
        with pytest.raises(why):
            add_line(cart, variant=hopeless, quantity=1)
    assert contents(cart) == {}


def test_nobody_gets_more_than_the_most():
    plenty = make_variant(stock=5000)
    line = add_line(make_cart({}), variant=plenty, quantity=998)
    line = add_line(line.cart, variant=plenty, quantity=5)
    assert line.quantity == 999
    assert line.notice == "999 pieces are the most in one order."


def test_a_cart_holds_a_limited_number_of_things(monkeypatch):
    monkeypatch.setattr(Cart, "MOST_LINES", 2)
    cart = make_cart({make_variant(stock=1): 1, make_variant(stock=1): 1})
    with pytest.raises(TooManyLines):
        add_line(cart, variant=make_variant(stock=1), quantity=1)
    assert cart.lines.count() == 2


def test_the_same_key_adds_once():
    teapot = make_variant(stock=9)
    cart = make_cart({})
    for key in ("a", "a", "b"):
        add_line(cart, variant=teapot, quantity=1, key=key)
    assert contents(cart) == {teapot.pk: 2}


def test_only_the_latest_keys_are_kept():
    teapot = make_variant(stock=99)
    cart = make_cart({})
    for number in range(25):
        add_line(cart, variant=teapot, quantity=1, key=f"key-{number}")
    cart.refresh_from_db()
    assert len(cart.recent_keys) == Cart.KEYS_KEPT and cart.recent_keys[-1] == "key-24"


def test_changing_sets_the_quantity_within_what_there_is():
    teapot = make_variant(stock=4)
    line = make_cart({teapot: 2}).lines.get()
    assert change_line(line, quantity=1).quantity == 1
    assert change_line(line, quantity=9).quantity == 4


def test_changing_remembers_the_price_that_was_seen():
    teapot = make_variant(stock=4, price_minor=1000)
    line = make_cart({teapot: 2}).lines.get()
    Variant.objects.filter(pk=teapot.pk).update(price_minor=1200)
    assert change_line(line, quantity=1).seen_minor == 1200


def test_removing_and_clearing():
    teapot, cup = make_variant(stock=4), make_variant(stock=4)
    cart = make_cart({teapot: 2, cup: 1})
    remove_line(cart.lines.get(variant=teapot))
    assert contents(cart) == {cup.pk: 1}
    assert clear(cart) == 1 and clear(cart) == 0


def test_what_was_bought_is_taken_out_and_what_was_added_meanwhile_stays():
    teapot, cup, spoon = (make_variant(stock=9) for _ in range(3))
    cart = make_cart({teapot: 3, cup: 1, spoon: 2})
    take_out(cart, bought={(teapot.pk, ""): 2, (cup.pk, ""): 1})
    assert contents(cart) == {teapot.pk: 1, spoon.pk: 2}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_two_tabs_at_once_lose_no_line(monkeypatch, guarded):
    """The control: without the cart's lock the two read the same quantity, and one addition is lost."""
    teapot = make_variant(stock=99)
    cart = make_cart({teapot: 1})
    if not guarded:
        monkeypatch.setattr(adding, "lock", lambda rows: rows)
    slowly(monkeypatch)

    def add(_number):
        try:
            add_line(cart, variant=teapot, quantity=1)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(4)))

    assert (contents(cart)[teapot.pk] == 5) is guarded


def slowly(monkeypatch):
    """Everybody has read before the first has written."""
    import time

    inner = adding.most_of
    monkeypatch.setattr(adding, "most_of", lambda *given: (time.sleep(0.15), inner(*given))[1])


def test_a_line_that_another_window_took_out_is_refused():
    teapot = make_variant(stock=9)
    cart = make_cart({teapot: 2})
    line = cart.lines.get()
    remove_line(line)
    with pytest.raises(NotInCart):
        change_line(line, quantity=5)
    assert contents(cart) == {}
