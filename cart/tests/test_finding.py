from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.db import connection
from django.db.models import F
from django.test import RequestFactory

from cart import sweeping
from cart.finding import SALT, cart_of, merge
from cart.models import Cart
from cart.tests.factories import make_cart
from catalog.tests.factories import make_variant
from shop.accounts.models import User

pytestmark = pytest.mark.django_db


def ask(*, token="", user=None, cookie=None):
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    if token or cookie:
        name = settings.SHOP_CART_COOKIE_NAME
        request.COOKIES[name] = cookie or signing.get_cookie_signer(salt=name + SALT).sign(token)
    return cart_of(request)


def contents(cart):
    return dict(cart.lines.values_list("variant", "quantity"))


def test_a_guest_is_known_by_the_cookie():
    cart = make_cart()
    assert ask(token=cart.token) == cart
    assert ask() is None


def test_anothers_cart_cannot_be_had_by_naming_it():
    cart, ada = make_cart(), User.objects.create_user("ada@example.com")
    owned = make_cart(user=ada)
    for forged in (cart.token, str(cart.pk), f"{cart.token}:x:y", owned.token):
        assert ask(cookie=forged) is None
    assert ask(token=owned.token) is None  # even well signed: it is an account's now


def test_at_sign_in_the_larger_quantity_wins_and_nothing_is_lost():
    teapot, cup, spoon = (make_variant(stock=9) for _ in range(3))
    ada = User.objects.create_user("ada@example.com")
    make_cart({teapot: 5, cup: 1}, user=ada)
    guest = make_cart({teapot: 2, spoon: 3})

    merged = ask(token=guest.token, user=ada)

    assert contents(merged) == {teapot.pk: 5, cup.pk: 1, spoon.pk: 3}
    assert merged.pk == guest.pk and merged.user == ada  # the cart in use goes on, its checkout with it
    assert Cart.objects.count() == 1


def test_the_guests_larger_quantity_stays():
    teapot = make_variant(stock=9)
    ada = User.objects.create_user("ada@example.com")
    make_cart({teapot: 1}, user=ada)
    assert contents(ask(token=make_cart({teapot: 4}).token, user=ada)) == {teapot.pk: 4}


def test_merging_again_is_harmless_and_the_old_token_is_dead():
    ada = User.objects.create_user("ada@example.com")
    guest = make_cart()
    first = ask(token=guest.token, user=ada)

    assert ask(token=guest.token, user=ada) == first
    assert merge(guest, into=ada) == first
    assert contents(first) == contents(guest)
    assert ask(token=guest.token) is None


def test_somebody_without_a_guests_cart_gets_the_accounts():
    ada = User.objects.create_user("ada@example.com")
    own = make_cart(user=ada)
    assert ask(user=ada) == own
    assert ask(user=User.objects.create_user("eve@example.com")) is None


def test_only_guests_carts_whose_cookie_ran_out_are_swept():
    old, fresh = make_cart(), make_cart()
    kept = make_cart(user=User.objects.create_user("ada@example.com"))
    days = timedelta(days=settings.SHOP_CART_DAYS + 1)
    Cart.objects.filter(pk__in=[old.pk, kept.pk]).update(updated_at=F("updated_at") - days)

    assert sweeping.sweep() == 1
    assert set(Cart.objects.all()) == {fresh, kept}


@pytest.mark.django_db(transaction=True)
def test_two_requests_that_merge_at_once_lose_nothing():
    teapot, cup = make_variant(stock=9), make_variant(stock=9)
    ada = User.objects.create_user("ada@example.com")
    make_cart({teapot: 5}, user=ada)
    guest = make_cart({teapot: 2, cup: 1})
    ready = Barrier(4)

    def sign_in(_number):
        try:
            ready.wait()
            return ask(token=guest.token, user=ada).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(sign_in, range(4)))

    (merged,) = Cart.objects.all()
    assert found == {merged.pk}
    assert contents(merged) == {teapot.pk: 5, cup.pk: 1}
