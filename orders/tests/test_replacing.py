"""Two orders from one cart: who starts over while paying pays once."""

import pytest

from cart import adding
from cart.models import Cart
from catalog import stock
from checkout.gateways.base import GatewayUnavailable
from checkout.models import Checkout
from checkout.quoting import quote
from checkout.starting import start_checkout
from checkout.tests.factories import make_checkout
from orders.models import Order, PaymentAttempt, Refund
from orders.paying import settle, start_payment
from orders.placing import CheckoutGone, place_order, terms_in_force
from orders.replacing import settle_rivals
from shop.core import integrity
from shop.tests.walk import CARD, fresh, mug, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice(stripe):
    """A cart with a mug in it, out of which orders are placed."""
    variant = mug(stock=5)
    cart = Cart.objects.create(currency="EUR")
    adding.add_line(cart, variant=variant, quantity=1)

    def order(gateway=CARD) -> Order:
        checkout = make_checkout(cart=cart)
        return place_order(
            checkout,
            gateway=gateway,
            fingerprint=quote(checkout).fingerprint,
            terms_version=terms_in_force(),
        )

    order.cart, order.variant = cart, variant
    yield order
    assert not {code: words for code, words in integrity.run().items() if words}


def test_the_later_order_replaces_one_that_waits_for_its_payment(twice, stripe, deliver):
    first = twice()
    attempt = start_payment(first).attempt
    second = twice()
    deliver()

    first, second = fresh(first), fresh(second)
    assert (first.status, first.cancelled_because, first.owed_minor) == ("cancelled", "replaced", 0)
    assert second.status == Order.Status.PLACED
    attempt.refresh_from_db()
    assert attempt.status == PaymentAttempt.Status.CANCELED
    assert stock.available([twice.variant.pk])[twice.variant.pk] == 4

    settle(pay(second))
    deliver()
    assert fresh(second).payment_status == "paid"
    assert Refund.objects.count() == 0


def test_what_was_paid_already_is_kept_and_the_later_order_given_up(twice, deliver):
    first = twice()
    paying = pay(first)  # the bank has it; nobody has told the shop
    second = twice()
    start_payment(second)
    deliver()

    assert fresh(first).payment_status == "paid"
    assert fresh(second).cancelled_because == "replaced"
    paying.refresh_from_db()
    assert paying.status == PaymentAttempt.Status.CAPTURED
    assert not twice.cart.lines.exists()


def test_two_that_are_agreed_already_are_put_before_a_person(twice, deliver):
    first, second = twice(), twice()
    settle(pay(first))
    settle(pay(second))  # in the very moment before anybody could react
    deliver()

    assert {fresh(first).status, fresh(second).status} == {"confirmed"}
    assert first.number in fresh(second).needs_review
    assert not fresh(first).needs_review


def test_other_goods_of_the_same_cart_are_another_order(twice, deliver):
    first = twice()
    adding.clear(twice.cart)
    adding.add_line(twice.cart, variant=mug(stock=2), quantity=1)
    checkout = make_checkout(cart=twice.cart)
    second = place_order(
        checkout, gateway=CARD, fingerprint=quote(checkout).fingerprint, terms_version=terms_in_force()
    )
    deliver()
    assert {fresh(first).status, fresh(second).status} == {"placed"}


def test_the_next_purchase_from_the_same_cart_is_left_alone(twice, deliver):
    first = twice()
    settle(pay(first))
    deliver()
    adding.add_line(twice.cart, variant=twice.variant, quantity=1)
    second = twice()
    settle_rivals(fresh(first))
    deliver()
    assert {fresh(first).status, fresh(second).status} == {"confirmed", "placed"}


def test_a_provider_that_does_not_answer_keeps_both_until_it_does(twice, stripe):
    first = twice()
    start_payment(first)
    second = twice()
    stripe.control("faults", mode="error", status=503, times=999, method="*")

    with pytest.raises(GatewayUnavailable):
        settle_rivals(second)
    assert Order.objects.get(pk=first.pk).status == Order.Status.PLACED

    stripe.control("faults", verb="DELETE")
    settle_rivals(second)
    assert fresh(first).cancelled_because == "replaced"


def test_a_checkout_of_the_same_things_in_another_window_ends_when_they_are_bought(twice, deliver):
    first = twice()
    other_window = start_checkout(twice.cart)
    settle(pay(first))
    deliver()

    other_window.refresh_from_db()
    assert other_window.status == Checkout.Status.ABANDONED
    with pytest.raises(CheckoutGone):
        place_order(other_window, gateway=CARD, fingerprint="", terms_version=None)
