"""Where the customer comes back to, and where a payment goes on."""

import pytest

from orders.models import Order, PaymentAttempt
from orders.paying import start_payment
from orders.tests.visiting import JSON, opened
from shop.tests.walk import COD, make_order, mug, pay, place

pytestmark = pytest.mark.django_db


def test_the_return_page_believes_nothing_in_its_address(stripe, client):
    """H12."""
    order = opened(client, place({mug(): 1}))
    start_payment(order)
    answer = client.get(
        f"/orders/{order.number}/confirming/?redirect_status=succeeded&payment_intent=pi_forged"
    )
    assert answer["Location"] == f"/orders/{order.number}/payment/"
    order.refresh_from_db()
    assert order.status == Order.Status.PLACED


def test_the_return_page_settles_and_says_thank_you(stripe, client):
    """B04: before any webhook."""
    order = opened(client, place({mug(): 1}))
    pay(order)
    answer = client.get(f"/orders/{order.number}/confirming/")
    assert answer["Location"] == f"/orders/{order.number}/?thanks"
    assert "Thank you" in client.get(answer["Location"]).content.decode()


def test_the_return_page_waits_while_nothing_is_known(stripe, client):
    order = opened(client, place({mug(): 1}))
    pay(order, method="pm_card_authenticationRequired")
    page = client.get(f"/orders/{order.number}/confirming/")
    text = page.content.decode()
    assert page.status_code == 200 and 'data-poll="3"' in text and 'http-equiv="refresh"' in text
    assert page["Referrer-Policy"] == "no-referrer" and "js.stripe" not in text

    stripe.control("faults", mode="reset", times=99, method="*")
    assert client.get(f"/orders/{order.number}/confirming/").status_code == 200


def test_a_declined_card_leads_back_to_paying_with_the_reason(stripe, client):
    order = opened(client, place({mug(): 1}))
    with pytest.raises(Exception, match="insufficient"):
        pay(order, method="pm_card_visa_chargeDeclinedInsufficientFunds")
    page = client.get(f"/orders/{order.number}/confirming/", follow=True)
    assert page.redirect_chain[-1][0].endswith("/payment/")
    assert "insufficient funds" in page.content.decode()


def test_the_pay_page_alone_may_load_stripes_script(stripe, client):
    order = opened(client, place({mug(): 1}))
    page = client.get(f"/orders/{order.number}/payment/")
    policy = page["Content-Security-Policy"]
    assert f"script-src 'self' {stripe.url}" in policy and f"frame-src {stripe.url}" in policy
    assert page["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert f'data-js-url="{stripe.url}/v3/"' in page.content.decode()
    assert "'unsafe" not in policy and "frame-ancestors 'none'" in policy

    for path in (f"/orders/{order.number}/", "/orders/track/", "/cart/"):
        other = client.get(path)
        assert stripe.url not in other["Content-Security-Policy"] + other.content.decode()


def test_the_real_stripe_is_named_where_it_is_used(stripe, client, settings):
    settings.SHOP_STRIPE_API_BASE = "https://api.stripe.com"
    settings.SHOP_STRIPE_JS_URL = "https://js.stripe.com/v3/"
    settings.SHOP_STRIPE_CHECKOUT_BASE = "https://checkout.stripe.com"
    order = opened(client, place({mug(): 1}))
    policy = client.get(f"/orders/{order.number}/payment/")["Content-Security-Policy"]
    assert "script-src 'self' https://js.stripe.com https://*.js.stripe.com" in policy
    assert "frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com" in policy
    assert "connect-src 'self' https://api.stripe.com" in policy
    assert "form-action 'self' https://checkout.stripe.com" in policy


def test_paying_goes_on_at_the_pay_page(stripe, client):
    order = opened(client, place({mug(): 1}))
    url = f"/orders/{order.number}/payment/"
    assert client.post(url, {"gateway": "stripe"}, headers=JSON).json()["client_secret"]
    assert client.post(url, {"gateway": "stripe"})["Location"].startswith(stripe.url)
    assert client.post(url, {})["Location"] == url
    assert client.post(url, {"gateway": COD})["Location"].endswith("?thanks")
    assert client.get(url)["Location"].endswith("?thanks")


def test_a_paid_order_is_not_paid_again(stripe, client):
    order = opened(client, make_order(at="paid"))
    answer = client.post(f"/orders/{order.number}/payment/", {"gateway": "stripe"}, headers=JSON)
    assert answer.json() == {"redirect": f"/orders/{order.number}/?thanks"}
    assert PaymentAttempt.objects.count() == 1
