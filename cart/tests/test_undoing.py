import pytest

from cart import adding, undoing
from cart.models import Cart
from cart.tests.factories import make_cart
from cart.tests.test_answers import GOOD, make_sign
from catalog.models import StockItem, Variant
from catalog.tests.factories import make_variant

pytestmark = pytest.mark.django_db


def again(cart) -> Cart:
    return Cart.objects.get(pk=cart.pk)


def contents(cart) -> dict[int, int]:
    return dict(cart.lines.values_list("variant", "quantity"))


def test_quantity_answers_and_place_come_back_once():
    sign, cart = make_sign(), make_cart({})
    first = adding.add_line(cart, variant=sign, quantity=2, given=GOOD)
    adding.add_line(cart, variant=make_variant(stock=5), quantity=1)
    before = list(cart.lines.values_list("variant", "quantity", "custom", "seen_minor"))

    adding.remove_line(first)
    assert undoing.named(again(cart)) == [sign.full_name]
    assert undoing.undo(again(cart)).refusals == []
    assert list(cart.lines.values_list("variant", "quantity", "custom", "seen_minor")) == before
    assert undoing.undo(again(cart)).lines == []
    assert list(cart.lines.values_list("variant", "quantity", "custom", "seen_minor")) == before


def test_a_whole_cart_comes_back():
    teapot, cup = make_variant(stock=9), make_variant(stock=9)
    cart = make_cart({teapot: 3, cup: 1})
    assert adding.clear(cart) == 2
    undoing.undo(again(cart))
    assert contents(cart) == {teapot.pk: 3, cup.pk: 1}


def test_removing_twice_does_not_forget_what_was_removed():
    teapot = make_variant(stock=9)
    cart = make_cart({teapot: 3})
    line = cart.lines.get()
    adding.remove_line(line)
    adding.remove_line(line)
    adding.clear(cart)
    undoing.undo(again(cart))
    assert contents(cart) == {teapot.pk: 3}


def test_what_was_sold_meanwhile_stays_remembered_until_it_is_there():
    teapot = make_variant(stock=3)
    cart = make_cart({teapot: 3})
    adding.remove_line(cart.lines.get())
    StockItem.objects.filter(variant=teapot).update(on_hand=0)
    assert undoing.undo(again(cart)).refusals and contents(cart) == {}
    StockItem.objects.filter(variant=teapot).update(on_hand=2)
    [line] = undoing.undo(again(cart)).lines
    assert contents(cart) == {teapot.pk: 2} and "Only 2 pieces" in line.notice


def test_what_is_gone_from_the_shop_is_forgotten():
    sign, cart = make_sign(), make_cart({})
    adding.add_line(cart, variant=sign, quantity=1, given=GOOD)
    adding.clear(cart)
    Variant.objects.all().delete()
    assert undoing.named(again(cart)) == [] and undoing.undo(again(cart)).lines == []
    assert again(cart).taken_out == []
