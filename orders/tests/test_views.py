"""The shopper's pages, asked as a browser with and without JavaScript asks them."""

import re

import pytest

from catalog import stock
from checkout.finding import KEY
from checkout.quoting import quote
from checkout.tests.factories import make_checkout
from orders.models import Order, PaymentAttempt
from orders.paying import settle, start_payment
from shop.core.models import Message
from shop.tests.people import ada, eve
from shop.tests.walk import COD, fresh, make_order, mug, pay, place

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


def with_checkout(client, lines=None, **over):
    """The visitor is on the payment page."""
    checkout = make_checkout(lines or {mug(): 1}, **over)
    session = client.session
    session[KEY] = checkout.token
    session.save()
    return checkout


def press(client, checkout, *, gateway="stripe", headers=None, **more):
    data = {"gateway": gateway, "fingerprint": quote(checkout).fingerprint} | more
    return client.post("/orders/", data, headers=headers or {})


def opened(client, order):
    """The visitor has followed the link in the mail."""
    client.get(f"/o/{order.token}/")
    return order


# --- placing ---


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


# --- coming back ---


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


# --- the pay page ---


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


# --- who may see it ---

PAGES = ["", "payment/", "confirming/", "documents/receipt/"]


@pytest.mark.parametrize("page", PAGES)
def test_an_order_is_only_for_its_owner_and_whoever_has_its_link(stripe, client, page):
    """I02."""
    order = make_order(at="paid", user=ada())
    url = f"/orders/{order.number}/{page}"
    assert client.get(url).status_code == 404
    client.force_login(eve())
    assert client.get(url).status_code == 404
    client.force_login(ada())
    assert client.get(url).status_code in (200, 303)
    client.logout()
    opened(client, order)
    assert client.get(url).status_code in (200, 303)


def test_only_they_may_cancel_or_pay(client):
    order = make_order(at="cod", user=ada())
    for path in ("cancellation/", "payment/"):
        assert client.post(f"/orders/{order.number}/{path}", {"gateway": COD}).status_code == 404
    client.force_login(eve())
    assert client.post(f"/orders/{order.number}/cancellation/").status_code == 404
    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED


def test_guests_do_not_see_each_others_orders(client):
    """An order without an owner does not belong to visitors without an account (CVE-2026-22589)."""
    assert make_order(at="cod").user is None
    assert client.get(Order.objects.get().get_absolute_url()).status_code == 404


@pytest.mark.parametrize("token", ["x", "None", "null", "[]", "%00", "a" * 500, "..%2f..", "0"])
def test_a_made_up_link_opens_nothing(client, token):
    make_order(at="cod")
    assert client.get(f"/o/{token}/").status_code == 404
    assert client.get(f"/o/{token}/payment/").status_code == 404
    assert client.get("/o//").status_code == 404


def test_the_link_opens_the_order_and_leads_to_its_clean_address(client):
    order = make_order(at="cod")
    answer = client.get(f"/o/{order.token}/")
    assert (answer.status_code, answer["Location"]) == (303, f"/orders/{order.number}/")
    assert answer["Referrer-Policy"] == "no-referrer" and answer["Cache-Control"] == "private, no-store"
    page = client.get(answer["Location"])
    assert page.status_code == 200 and order.token not in page.content.decode()


def test_a_forged_session_value_opens_nothing(client):
    order = make_order(at="cod")
    session = client.session
    session["orders"] = str(order.pk)
    session.save()
    assert client.get(order.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_nobody_keeps_a_copy(stripe, client, page):
    order = opened(client, make_order(at="paid"))
    assert client.get(f"/orders/{order.number}/{page}")["Cache-Control"] == "private, no-store"


# --- the order's page and list ---


def test_the_page_says_where_the_order_stands(stripe, client):
    order = opened(client, make_order(at="paid"))
    text = re.sub(r"\s+", " ", client.get(order.get_absolute_url()).content.decode())
    for words in (
        "Being packed",
        "Paid",
        "Visa •••• 4242",
        "Stephansplatz 1",
        "Contour mug",
        "€70.50",
        "Cancel",
    ):
        assert words in text, words


def test_cancelling_from_the_page(client):
    order = opened(client, make_order(at="cod"))
    answer = client.post(f"/orders/{order.number}/cancellation/", {"reason": "too late <b>"}, follow=True)
    text = answer.content.decode()
    assert "Your order is cancelled" in text and "cancellation" not in text
    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED


def test_the_receipt_is_drawn_when_asked_for(stripe, client):
    order = opened(client, make_order(at="paid"))
    answer = client.get(f"/orders/{order.number}/documents/receipt/")
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert f"receipt-{order.number}.pdf" in answer["Content-Disposition"]
    assert client.get(f"/orders/{order.number}/documents/invoice/").status_code == 404
    unpaid = opened(client, make_order(at="cod"))
    assert client.get(f"/orders/{unpaid.number}/documents/receipt/").status_code == 404


def test_the_list_shows_ones_own_orders(client):
    mine, other = make_order(at="cod", user=ada()), make_order(at="cod", user=eve(), email="eve@example.com")
    assert client.get("/account/orders/").status_code == 302
    client.force_login(ada())
    text = client.get("/account/orders/").content.decode()
    assert mine.number in text and other.number not in text
    assert mine.number in client.get("/account/orders/?q=mug").content.decode()
    assert "No order matches" in client.get("/account/orders/?q=teapot").content.decode()
    assert client.get("/account/orders/?page=999").status_code == 200
    assert client.get("/account/orders/?page=%00&q=%00").status_code == 200


def test_the_list_asks_no_more_for_many_than_for_two(client, django_assert_max_num_queries):
    for _number in range(2):
        make_order(at="cod", user=ada())
    client.force_login(ada())
    client.get("/account/orders/")
    with django_assert_max_num_queries(20) as two:
        client.get("/account/orders/")
    for _number in range(5):
        make_order(at="cod", user=ada())
    with django_assert_max_num_queries(len(two.captured_queries)):
        client.get("/account/orders/")


# --- finding it again ---


def test_looking_up_sends_the_link_and_grants_nothing(client, deliver, mailoutbox):
    order = make_order(at="cod")
    deliver()
    mailoutbox.clear()
    typed = {"number": order.number.lower().replace("-", " "), "email": "ADA@example.com"}
    answer = client.post("/orders/track/", typed)
    assert answer["Location"] == "/orders/track/sent/"
    assert client.get(order.get_absolute_url()).status_code == 404
    deliver()
    assert f"/o/{order.token}/" in mailoutbox[0].body
    assert order.token not in Message.objects.get(name="order_link").text


def test_the_answer_is_the_same_whatever_is_asked(client):
    order = make_order(at="cod")
    asked = [
        {"number": order.number, "email": order.email},
        {"number": order.number, "email": "eve@example.com"},
        {"number": "ZZZZ-ZZZZ", "email": order.email},
    ]
    answers = [client.post("/orders/track/", one) for one in asked]
    assert {(one.status_code, one["Location"]) for one in answers} == {(303, "/orders/track/sent/")}
    assert Message.objects.filter(name="order_link").count() == 1


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"number": "", "email": "x"},
        {"number": ["a"], "email": ["b"]},
        {"number": "\x00", "email": "\x00"},
    ],
)
def test_an_incomplete_question_is_answered_in_words(client, data):
    answer = client.post("/orders/track/", data)
    assert answer.status_code == 422 and "There is a problem" in answer.content.decode()


def test_asking_too_often_is_slowed_down(client):
    asked = {"number": "K7F4-9QXM", "email": "ada@example.com"}
    answers = [client.post("/orders/track/", asked).status_code for _try in range(12)]
    assert answers[:10] == [303] * 10 and set(answers[10:]) == {429}


def test_one_address_gets_three_links_an_hour_at_most(client, monkeypatch):
    """J14: from however many visitors."""
    from orders import mails

    sent = []
    monkeypatch.setattr(mails, "link", sent.append)
    order = make_order(at="cod")
    for number in range(8):
        client.post(
            "/orders/track/",
            {"number": order.number, "email": order.email},
            REMOTE_ADDR=f"198.51.100.{number}",
        )
    assert len(sent) == 3


def test_pages_speak_the_visitors_language(client):
    order = make_order(at="cod")
    client.get(f"/de/o/{order.token}/")
    page = client.get(f"/de/orders/{order.number}/")
    assert page.status_code == 200 and page["Content-Language"] == "de"


def test_settling_from_the_page_empties_the_cart(stripe, client):
    checkout = with_checkout(client)
    press(client, checkout, headers=JSON)
    order = Order.objects.get()
    assert checkout.cart.lines.count() == 1
    settle(pay(order))
    assert checkout.cart.lines.count() == 0
