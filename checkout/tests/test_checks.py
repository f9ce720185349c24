"""A check that finds nothing in a broken shop proves nothing: each is shown what it is there for."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from cart.models import Cart
from catalog.models import Reservation
from checkout.models import Checkout, CheckoutLine, VatCheck
from checkout.tests.factories import make_checkout
from shop.accounts.models import User
from shop.core import integrity

pytestmark = pytest.mark.django_db


def complaints():
    found = integrity.run(["N04", "N12", "N22", "N30"])
    return {code for code, sentences in found.items() if sentences}


def test_a_shop_in_order_gives_no_cause():
    make_checkout()
    make_checkout(user=User.objects.create_user("ada@example.com"))
    assert complaints() == set()


def expire(checkout):
    Reservation.objects.update(expires_at=F("expires_at") - timedelta(hours=2))


def forget_the_end(checkout):
    Reservation.objects.update(expires_at=None)


def close_without_releasing(checkout):
    Checkout.objects.update(status="abandoned")


def change_a_line(checkout):
    CheckoutLine.objects.update(quantity=1)


def complete_without_an_order(checkout):
    Reservation.objects.all().delete()
    Checkout.objects.update(status="completed")


def give_to_somebody_else(checkout):
    ada, eve = (User.objects.create_user(f"{name}@example.com") for name in ("ada", "eve"))
    Cart.objects.update(user=ada)
    Checkout.objects.update(user=eve)


def mix_currencies(checkout):
    Cart.objects.update(currency="USD")


def forget_to_ask_again(checkout):
    VatCheck.objects.create(vat_id="DE136695976")


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (expire, "N04-expired-promises"),
        (forget_the_end, "N04-promise-without-end"),
        (close_without_releasing, "N04-closed-checkout"),
        (change_a_line, "N04-promised-lines"),
        (complete_without_an_order, "N12-completed-checkout"),
        (give_to_somebody_else, "N22-checkout-owner"),
        (mix_currencies, "N22-cart-price"),
        (forget_to_ask_again, "N30-vat-unanswered"),
    ],
)
def test_each_check_finds_what_it_is_there_for(broken, code):
    broken(make_checkout())
    assert code in complaints()


@pytest.mark.parametrize(
    ("constraint", "table", "code"),
    [("checkout_one_open_per_cart", "checkout_checkout", "N12-open-checkouts")],
)
def test_finds_what_a_lost_constraint_let_through(constraint, table, code):
    with connection.cursor() as cursor:
        cursor.execute(f'DROP INDEX "{constraint}"')
    checkout = make_checkout()
    Checkout.objects.create(cart=checkout.cart)
    assert code in complaints()
