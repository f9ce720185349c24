"""The button of the checkout's last page, pressed with and without JavaScript."""

import pytest

from catalog import stock
from checkout.quoting import quote
from orders.models import Order
from orders.tests.visiting import JSON, press, with_checkout
from shop.tests.walk import COD, fresh, mug

pytestmark = pytest.mark.django_db


def test_a_script_gets_the_secret_for_the_payment_element(stripe, client):
    told = press(client, with_checkout(client), headers=JSON).json()
    order = Order.objects.get()
    assert told["client_secret"].startswith(order.attempts.get().provider_ref + "_secret_")
    assert told["return_url"] == f"http://testserver/orders/{order.number}/confirming/"
    assert told["payment_url"] == f"/orders/{order.number}/payment/"


def test_without_a_script_the_card_is_paid_on_the_providers_page(stripe, client):
    answer = press(client, with_checkout(client))
    assert answer.status_code == 303 and answer["Location"].startswith(stripe.url)


def test_cash_on_delivery_needs_no_script(client):
    answer = press(client, with_checkout(client), gateway=COD)
    order = Order.objects.get()
    assert answer.status_code == 303 and answer["Location"] == f"/orders/{order.number}/?thanks"
    page = client.get(answer["Location"]).content.decode()
    assert "Thank you, Ada" in page and order.number in page


def test_pressing_again_or_from_another_tab_leads_to_the_same_order(stripe, client):
    """B01, B02."""
    checkout = with_checkout(client)
    first = press(client, checkout, headers=JSON).json()
    second = press(client, checkout, headers=JSON, fingerprint="seen in another tab").json()
    assert first == second and Order.objects.count() == 1
    assert client.get("/checkout/payment/")["Location"] == f"/orders/{Order.objects.get().number}/"


def test_posted_fields_that_nobody_asked_for_are_ignored(client):
    """H01."""
    checkout = with_checkout(client)
    right = quote(checkout).total_minor
    forged = {
        "total": 1,
        "total_minor": 1,
        "price": 0,
        "user": 1,
        "status": "completed",
        "is_staff": 1,
        "paid": 1,
    }
    press(client, checkout, gateway=COD, payment_status="paid", email="eve@example.com", **forged)
    order = Order.objects.get()
    assert (order.total_minor, order.status, order.payment_status) == (right, "confirmed", "unpaid")
    assert order.email == "ada@example.com" and order.user is None


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"gateway": ""},
        {"gateway": "stripe"},
        {"gateway": "x" * 500, "fingerprint": "y"},
        {"gateway": ["a", "b"], "fingerprint": ["c", "d"]},
        {"gateway": COD, "fingerprint": "z", "terms_version": "seven"},
        {"gateway": COD, "fingerprint": "z", "terms_version": "9" * 40},
        {"gateway": "\x00", "fingerprint": "\x00"},
    ],
)
def test_nonsense_places_nothing_and_breaks_nothing(client, data):
    with_checkout(client)
    assert client.post("/orders/", data).status_code == 303
    assert client.post("/orders/", data, headers=JSON).status_code in (409, 422)
    assert not Order.objects.exists()


def test_a_changed_price_leads_back_and_says_so(client):
    variant = mug()
    checkout = with_checkout(client, {variant: 1})
    seen = quote(checkout).fingerprint
    variant.price_minor += 100
    variant.save()

    answer = press(client, checkout, gateway=COD, fingerprint=seen)
    assert answer["Location"] == "/checkout/payment/"
    assert "€34.90" in client.get(answer["Location"]).content.decode()

    told = press(client, checkout, gateway=COD, fingerprint=seen, headers=JSON)
    assert told.status_code == 409 and told.json()["redirect"] == "/checkout/payment/"


def test_sold_goods_lead_to_the_cart_and_are_named(client):
    variant = mug(stock=1)
    checkout = with_checkout(client, {variant: 1})
    stock.release(checkout.holder)
    stock.reserve({variant.pk: 1}, holder="checkout:999", minutes=5)

    answer = press(client, checkout, gateway=COD)

    assert answer["Location"] == "/cart/" and not Order.objects.exists()
    assert "Contour mug" in client.get("/cart/").content.decode()


def test_stripe_being_away_says_so_and_keeps_the_order(stripe, client):
    """M16: a clear notice, and the other means."""
    checkout = with_checkout(client)
    stripe.control("faults", mode="reset", times=99, method="*")

    told = press(client, checkout, headers=JSON)
    assert told.status_code == 503 and "not been charged" in told.json()["error"]
    assert "redirect" not in told.json()

    answer = press(client, checkout, gateway=COD)
    assert answer["Location"].endswith("?thanks")
    assert fresh(Order.objects.get()).status == Order.Status.CONFIRMED


def test_without_a_checkout_there_is_nothing_to_place(client):
    assert client.post("/orders/", {"gateway": COD, "fingerprint": "x"})["Location"] == "/cart/"
