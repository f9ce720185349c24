import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cart import adding, setting_aside, wishing
from cart.listing import shown
from cart.models import Cart, Wishlist, WishlistEntry
from cart.tests.factories import make_cart
from cart.tests.test_answers import GOOD, make_sign
from catalog.models import StockItem, Variant
from catalog.products.customizing import NotAnswered
from catalog.tests.factories import make_variant

pytestmark = pytest.mark.django_db


def contents(cart) -> dict[int, int]:
    return dict(cart.lines.values_list("variant", "quantity"))


def marks(wishlist, **over) -> list[str]:
    wanted = {"customer": None, "currency": "EUR"} | over
    return [entry.mark for entry in shown(wishlist, **wanted)]


def test_a_thing_stands_on_a_list_once_and_comes_off():
    cart, teapot = make_cart({}), make_variant(stock=20)
    entry = wishing.wish(cart, variant=teapot)
    assert wishing.wish(cart, variant=teapot) == entry
    assert wishing.wished(cart) == [teapot.pk]
    assert wishing.unwish(cart, variant=teapot) == 1
    assert wishing.wished(cart) == [] and cart.wishlists.count() == 1


def test_what_is_not_on_sale_cannot_be_wished_for():
    with pytest.raises(wishing.NotOnSale):
        wishing.wish(make_cart({}), variant=make_variant(published=False))
    assert not WishlistEntry.objects.exists()


def test_lists_have_names_of_their_own_and_an_end():
    cart = make_cart({})
    first = wishing.first_list(cart)
    gifts = wishing.make_list(cart, name="Gifts")
    with pytest.raises(wishing.NameTaken):
        wishing.make_list(cart, name="gifts")
    with pytest.raises(wishing.NameTaken):
        wishing.rename(first, name="GIFTS")
    wishing.rename(gifts, name="Gifts")
    for number in range(Wishlist.MOST - 2):
        wishing.make_list(cart, name=f"List {number}")
    with pytest.raises(wishing.TooManyWishes):
        wishing.make_list(cart, name="one more")
    assert cart.wishlists.count() == Wishlist.MOST


def test_moving_between_lists_keeps_it_once():
    cart, teapot = make_cart({}), make_variant(stock=20)
    entry = wishing.wish(cart, variant=teapot)
    gifts = wishing.make_list(cart, name="Gifts")
    wishing.move(entry, to=gifts)
    assert list(gifts.entries.all()) == [entry]
    wishing.move(wishing.wish(cart, variant=teapot), to=gifts)
    assert WishlistEntry.objects.get() == entry


def test_saved_for_later_and_back_with_quantity_and_answers():
    cart, sign = make_cart({}), make_sign()
    line = adding.add_line(cart, variant=sign, quantity=3, given=GOOD)
    custom = line.custom

    entry = setting_aside.save_for_later(line)
    assert contents(cart) == {} and (entry.quantity, entry.custom) == (3, custom)
    back = setting_aside.into_cart(entry)
    assert (back.quantity, back.custom) == (3, custom) and not WishlistEntry.objects.exists()
    with pytest.raises(setting_aside.Gone):
        setting_aside.into_cart(entry)
    assert contents(cart) == {sign.pk: 3}


def test_saving_twice_adds_up_and_a_line_that_is_gone_is_told():
    teapot = make_variant(stock=9)
    cart = make_cart({teapot: 2})
    line = cart.lines.get()
    setting_aside.save_for_later(line)
    line.pk = 10**9
    with pytest.raises(adding.NotInCart):
        setting_aside.save_for_later(line)
    again = adding.add_line(cart, variant=teapot, quantity=1)
    assert setting_aside.save_for_later(again).quantity == 3


def test_what_cannot_be_had_stays_where_it_is():
    teapot = make_variant(stock=2)
    cart = make_cart({teapot: 2})
    entry = setting_aside.save_for_later(cart.lines.get())
    StockItem.objects.update(on_hand=0)
    with pytest.raises(adding.SoldOut):
        setting_aside.into_cart(entry)
    assert WishlistEntry.objects.get() == entry


def test_a_whole_list_goes_into_the_cart_as_far_as_it_can_and_stays_on_the_list():
    cart, sign = make_cart({}), make_sign()
    there, gone = make_variant(stock=9), make_variant(stock=0)
    for variant in (there, gone, sign):
        entry = wishing.wish(cart, variant=variant)
    moved = setting_aside.all_into_cart(entry.wishlist)
    assert contents(cart) == {there.pk: 1}
    assert len(moved.refusals) == 2 and entry.wishlist.entries.count() == 3
    with pytest.raises(NotAnswered):
        setting_aside.into_cart(entry)


def test_marks_tell_what_became_better_or_worse():
    cart = make_cart({})
    cheaper, back, gone, few = (make_variant(stock=n, low_stock_at=3) for n in (20, 0, 20, 2))
    for variant in (cheaper, back, gone, few):
        entry = wishing.wish(cart, variant=variant)
    Variant.objects.filter(pk=cheaper.pk).update(price_minor=2400)
    StockItem.objects.filter(variant=back).update(on_hand=20)
    Variant.objects.filter(pk=gone.pk).update(is_active=False)
    assert marks(entry.wishlist) == [
        "Only 2 left",
        "No longer on sale",
        "Back in stock",
        "€5.00 less than when you saved it",
    ]
    assert marks(entry.wishlist, is_owner=False)[2:] == ["", ""]
    assert marks(entry.wishlist, currency="CHF")[0] == "Not sold in CHF"


def test_sharing_has_one_link_until_it_is_taken_back():
    cart = make_cart({})
    wishlist = wishing.wish(cart, variant=make_variant(stock=1)).wishlist
    token = wishing.share(wishlist)
    assert wishing.share(Wishlist.objects.get(pk=wishlist.pk)) == token
    wishing.keep_private(wishlist)
    assert wishing.share(Wishlist.objects.get(pk=wishlist.pk)) != token


def test_a_long_list_costs_as_many_queries_as_a_short_one():
    def cost(count: int) -> int:
        cart = make_cart({})
        for _number in range(count):
            entry = wishing.wish(cart, variant=make_variant(stock=5))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(shown(entry.wishlist, customer=None, currency="EUR")) == count
        return len(queries)

    assert cost(1) == cost(12) <= 5


def test_wishing_keeps_a_guests_cart_alive():
    cart = make_cart({})
    Cart.objects.update(updated_at="2020-01-01T00:00:00Z")
    wishing.wish(cart, variant=make_variant(stock=1))
    assert Cart.objects.get().updated_at.year > 2020
