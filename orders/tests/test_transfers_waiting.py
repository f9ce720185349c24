"""An order that is to be paid by bank transfer keeps its goods for days, and is no promise."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from catalog import stock
from orders.expiring import expire_unpaid
from orders.models import Order, PaymentAttempt
from orders.paying import change_means
from shop.core import clock
from shop.tests.people import ada
from shop.tests.walk import CARD, fresh, mug, place

pytestmark = pytest.mark.django_db
TRANSFER = "bank_transfer"


@pytest.fixture(autouse=True)
def account(settings):
    settings.SHOP_BANK_IBAN = "AT611904300234573201"
    settings.SHOP_BANK_TRANSFER_DAYS = 7


def test_it_waits_for_days_and_confirms_nothing():
    variant = mug(stock=3)
    order = fresh(place({variant: 2}, gateway=TRANSFER))
    assert (order.status, order.payment_status) == ("placed", "unpaid")
    assert timedelta(days=6.9) < order.pay_before - clock.now() < timedelta(days=7.1)
    assert order.attempts.get().status == PaymentAttempt.Status.INTENT_CREATED
    assert stock.available([variant.pk])[variant.pk] == 1


def test_it_ends_when_nobody_pays():
    variant = mug(stock=3)
    order = place({variant: 2}, gateway=TRANSFER)
    Order.objects.filter(pk=order.pk).update(pay_before=Now() - timedelta(minutes=1))
    assert expire_unpaid() == [order]
    assert fresh(order).attempts.get().status == PaymentAttempt.Status.CANCELED
    assert stock.available([variant.pk])[variant.pk] == 3


def test_a_card_takes_its_place_and_back_again(stripe):
    order = place({mug(): 1}, gateway=TRANSFER)
    change_means(order, gateway=CARD)
    assert not order.attempts.active().exists()
    order = change_means(order, gateway=TRANSFER)
    assert [one.status for one in order.attempts.all()] == ["canceled", "intent_created"]


def test_it_is_offered_only_where_there_is_an_account(settings):
    from orders.paying import NotPayable

    order = place({mug(): 1}, gateway=TRANSFER)
    settings.SHOP_BANK_IBAN = ""
    Order.objects.filter(pk=order.pk).update(gateway=CARD)
    with pytest.raises(NotPayable):
        change_means(order, gateway=TRANSFER)


def test_its_cart_is_empty_and_buying_the_same_again_is_another_purchase(deliver):
    """Unlike a card that is not paid yet, where the second order replaces the first."""
    variant = mug(stock=3)
    first = place({variant: 1}, gateway=TRANSFER, user=ada())
    cart = first.checkout.cart
    assert not cart.lines.exists()
    second = place({variant: 1}, gateway=TRANSFER, user=ada())
    assert second.checkout.cart == cart
    assert [fresh(one).status for one in (first, second)] == ["placed", "placed"]
