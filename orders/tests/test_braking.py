"""Trying out cards is slowed down without a puzzle; and what a form says about money changes nothing."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from orders import braking
from orders.models import Order, PaymentAttempt
from orders.paying import PaymentRefused, start_payment
from orders.tests.factories import intents
from orders.tests.visiting import JSON, opened, press, with_checkout
from shop.tests.people import ada, grace
from shop.tests.walk import fresh, mug, place

pytestmark = pytest.mark.django_db
HERE = braking.network_of("203.0.113.7")


def declined(order, *, times, **over):
    """As if so many cards had been tried on it just now."""
    PaymentAttempt.objects.create(
        order=order,
        gateway="stripe",
        status="canceled",
        amount_minor=100,
        currency="EUR",
        declines=times,
        **over,
    )


def test_neighbours_are_one_network_and_its_name_says_nothing():
    assert braking.network_of("203.0.113.200") == HERE != braking.network_of("203.0.114.7")
    assert braking.network_of("2001:db8:1:ff::1") == braking.network_of("2001:db8:1:1::9") != ""
    assert braking.network_of("") == braking.network_of("unknown") == ""
    assert len(HERE) == 20 and "203.0" not in HERE


@pytest.mark.parametrize(
    ("times", "refused"), [(braking.MOST_OF_NETWORK, True), (braking.MOST_OF_NETWORK - 1, False)]
)
def test_a_network_that_tried_many_cards_waits_whatever_the_order(stripe, times, refused):
    for _number in range(times // 4):
        declined(place({mug(): 1}), times=4, network=HERE)
    declined(place({mug(): 1}), times=times % 4, network=HERE)
    order = place({mug(): 1})
    assert start_payment(order, network=braking.network_of("198.51.100.1")).client_secret
    if refused:
        with pytest.raises(PaymentRefused, match="Wait 15 minutes"):
            start_payment(order, network=HERE)
    else:
        assert start_payment(order, network=HERE).client_secret
    PaymentAttempt.objects.filter(declines__gt=0).update(updated_at=Now() - timedelta(minutes=16))
    assert start_payment(order, network=HERE).client_secret


def test_one_cart_cannot_be_ordered_anew_for_every_few_cards(stripe):
    first = place({mug(): 1}, user=ada())
    declined(first, times=4)
    second = place({mug(): 1}, user=ada())
    assert second.checkout.cart_id == first.checkout.cart_id
    assert start_payment(second).client_secret
    declined(second, times=4)
    third = place({mug(): 1}, user=ada())
    with pytest.raises(PaymentRefused, match="Wait"):
        start_payment(third)


def test_the_page_says_so_and_other_ways_stay_open(client, stripe):
    order = opened(client, place({mug(): 1}))
    declined(order, times=5)
    told = client.post(f"/orders/{order.number}/payment/", {"gateway": "stripe"}, headers=JSON)
    assert told.status_code == 422 and "Wait 15 minutes" in told.json()["error"]
    client.post(f"/orders/{order.number}/payment/", {"gateway": "cash_on_delivery"})
    assert fresh(order).status == "confirmed"


def test_where_a_payment_was_begun_is_noted(client, stripe):
    checkout = with_checkout(client)
    press(client, checkout, headers=JSON)
    assert PaymentAttempt.objects.get().network == braking.network_of("127.0.0.1")


@pytest.mark.parametrize(
    "posted",
    [
        {"amount": "1", "total_minor": "1", "due_minor": "1", "currency": "jpy"},
        {"order": "1", "number": "XXXX-XXXX", "checkout_id": "999", "user": "1"},
        {
            "customer": "cus_x",
            "payment_method": "pm_card_visa",
            "client_secret": "pi_x_secret_y",
            "confirm": "1",
        },
        {"status": "paid", "payment_status": "paid", "gateway_ref": "pi_1", "attempt": "1"},
    ],
)
def test_money_and_ids_in_a_form_change_nothing(client, stripe, posted):
    checkout = with_checkout(client)
    press(client, checkout, headers=JSON, **posted)
    order = Order.objects.get()
    (intent,) = intents()
    assert (intent["amount"], intent["currency"], intent["status"]) == (
        order.total_minor, "eur", "requires_payment_method",
    )  # fmt: skip
    assert intent["customer"] is None and fresh(order).payment_status == "unpaid"


def test_a_fingerprint_of_another_total_places_nothing(client, stripe):
    with_checkout(client)
    told = client.post("/orders/", {"gateway": "stripe", "fingerprint": "0" * 40}, headers=JSON)
    assert told.status_code == 409 and not Order.objects.exists()


def test_staff_charge_a_kept_card_from_the_orders_page(client, stripe):
    from orders.tests.test_kept_cards import attached

    order = place({mug(): 1}, user=ada())
    client.force_login(grace())
    door = f"/admin/orders/order/{order.pk}"
    assert "Charge kept card" not in client.get(f"{door}/change/").content.decode()
    attached("pm_card_visa")
    assert "Charge kept card" in client.get(f"{door}/change/").content.decode()
    client.post(f"{door}/charge_card/")
    assert fresh(order).payment_status == "paid"
