"""The order's page, the list, and finding an order again."""

import re

import pytest

from orders.models import Order
from orders.paying import settle
from orders.tests.visiting import JSON, opened, press, with_checkout
from shop.core.models import Message
from shop.tests.people import ada, eve
from shop.tests.walk import make_order, pay

pytestmark = pytest.mark.django_db


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
