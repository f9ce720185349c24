"""The rule of cart/merging.py beyond the lines themselves (those: test_finding.py)."""

import pytest

from cart import gifting, setting_aside, wishing
from cart.merging import merge
from cart.models import Cart, Wishlist, WishlistEntry
from cart.tests.factories import make_cart
from cart.totals import totals
from catalog.tests.factories import make_price_list, make_variant
from shop.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return User.objects.create_user("ada@example.com")


def listed(wishlist) -> set[int]:
    return set(wishlist.entries.values_list("variant", flat=True))


def test_lists_join_by_name_and_the_accounts_link_stays_alive(ada):
    teapot, cup, spoon = (make_variant(stock=9) for _ in range(3))
    own, guest = make_cart({}, user=ada), make_cart({})
    mine = wishing.wish(own, variant=teapot).wishlist
    token = wishing.share(mine)
    wishing.wish(guest, variant=teapot)
    theirs = wishing.wish(guest, variant=cup).wishlist
    wishing.share(theirs)
    gifts = wishing.make_list(guest, name="Gifts")
    wishing.wish(guest, variant=spoon, wishlist=gifts)

    merged = merge(guest, into=ada)

    first, second = merged.wishlists.filter(kind="list")
    assert (listed(first), listed(second)) == ({teapot.pk, cup.pk}, {spoon.pk})
    assert first.share_token == token
    assert merge(guest, into=ada) == merged and WishlistEntry.objects.count() == 3


def test_a_guests_link_lives_on_where_the_account_had_none(ada):
    own, guest = make_cart({}, user=ada), make_cart({})
    wishing.wish(own, variant=make_variant(stock=1))
    token = wishing.share(wishing.wish(guest, variant=make_variant(stock=1)).wishlist)
    merged = merge(guest, into=ada)
    assert listed(Wishlist.objects.get(share_token=token)) == set(wishing.wished(merged))


def test_what_was_saved_for_later_comes_along_with_the_larger_quantity(ada):
    teapot = make_variant(stock=9)
    for quantity, user in ((4, ada), (2, None)):
        cart = make_cart({teapot: quantity}, user=user)
        setting_aside.save_for_later(cart.lines.get())
    merge(cart, into=ada)
    assert WishlistEntry.objects.get().quantity == 4


def test_lines_beyond_what_a_cart_holds_are_saved_for_later(ada, monkeypatch):
    monkeypatch.setattr(Cart, "MOST_LINES", 2)
    variants = [make_variant(stock=9) for _ in range(4)]
    make_cart(dict.fromkeys(variants[:2], 3), user=ada)
    merged = merge(make_cart({variants[2]: 1}), into=ada)
    later = WishlistEntry.objects.get(wishlist__cart=merged, wishlist__kind="later")
    assert merged.lines.count() == 2 and (later.variant, later.quantity) == (variants[1], 3)


def test_currencies_are_never_mixed(ada):
    """C08: the account's line was seen in euros, the guest's cart is in francs."""
    teapot, cup = make_variant(stock=9), make_variant(stock=9)
    make_price_list(currency="CHF", prices={teapot: 3100, cup: 900})
    make_cart({teapot: 1}, user=ada)
    guest = make_cart({})
    Cart.objects.filter(pk=guest.pk).update(currency="CHF")
    guest.refresh_from_db()
    guest.lines.create(variant=cup, quantity=1, seen_minor=900)
    found = totals(merge(guest, into=ada))
    assert (found.currency, found.goods.minor, found.notices) == ("CHF", 4000, ())


def test_the_guests_words_hold_and_the_accounts_fill_the_gaps(ada):
    own, guest = make_cart({}, user=ada), make_cart({})
    nothing = {"wrap": None, "greeting_card": None}
    gifting.present(own, **nothing, message="from the account", note="ring twice")
    gifting.present(guest, **nothing, message="from the guest", note="")
    merged = merge(guest, into=ada)
    assert (merged.gift_message, merged.order_note) == ("from the guest", "ring twice")
