"""The pay link goes out by itself: once, in time, and not to somebody who is just paying."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from orders.models import Order, PaymentAttempt
from orders.paying import start_payment
from orders.reminding import remind_unpaid
from shop.core.models import Message
from shop.tests.walk import mug, place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cards(settings):
    settings.SHOP_STRIPE_SECRET_KEY = settings.SHOP_STRIPE_SECRET_KEY or "sk_test_x"


def ago(order, *, minutes, left):
    """Placed so many minutes ago, and so many are left to pay."""
    Order.objects.filter(pk=order.pk).update(
        placed_at=Now() - timedelta(minutes=minutes), pay_before=Now() + timedelta(minutes=left)
    )
    return order


def test_the_link_goes_out_once_while_there_is_time(client):
    order = ago(place({mug(): 1}), minutes=20, left=10)
    assert remind_unpaid() == [order] and remind_unpaid() == []
    mail = Message.objects.get(name="pay_link")
    assert "We keep your goods until" in mail.text and order.token not in mail.text + mail.html
    page = client.get(f"/o/{order.token}/payment/", follow=True)
    assert page.status_code == 200 and page.redirect_chain[-1][0].endswith(f"/{order.number}/payment/")


@pytest.mark.parametrize(("minutes", "left"), [(20, 30), (2, 10), (40, -1)])
def test_not_too_early_not_at_once_and_not_too_late(minutes, left):
    ago(place({mug(): 1}), minutes=minutes, left=left)
    assert remind_unpaid() == []


def test_where_days_are_given_it_comes_a_day_before(settings):
    settings.SHOP_BANK_IBAN = "AT611904300234573201"
    order = ago(place({mug(): 1}, gateway="bank_transfer"), minutes=24 * 60 * 5, left=24 * 60 * 2)
    assert remind_unpaid() == []
    ago(order, minutes=24 * 60 * 6, left=24 * 60 - 5)
    assert remind_unpaid() == [order]


def test_who_is_just_paying_is_left_alone(cards, stripe):
    order = ago(place({mug(): 1}), minutes=20, left=10)
    start_payment(order)
    assert remind_unpaid() == []
    PaymentAttempt.objects.update(updated_at=Now() - timedelta(minutes=6))
    assert remind_unpaid() == [order]
