"""The sellers' screens: lists in tabs, the page of an order, and what may be done from it."""

import re
from collections import Counter
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from orders import progress
from orders.models import Order, Refund
from orders.refunding import refund
from shop.core.models import Message
from shop.tests.people import eve, grace
from shop.tests.walk import fresh, make_order, mug, place

pytestmark = pytest.mark.django_db
LIST = "/admin/orders/order/"


@pytest.fixture
def seller(client):
    client.force_login(grace())
    return client


def page_of(order):
    return reverse("admin:orders_order_change", args=[order.pk])


def do(client, order, step, **data):
    answer = client.post(reverse(f"admin:orders_order_{step}", args=[order.pk]), data, follow=True)
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_list_sorts_orders_into_tabs(seller, stripe):
    unpaid, to_send = place({mug(): 1}), make_order(at="cod")
    text = seller.get(f"{LIST}?pile=unpaid").content.decode()
    assert unpaid.number in text and to_send.number not in text
    text = seller.get(f"{LIST}?pile=send").content.decode()
    assert to_send.number in text and unpaid.number not in text
    text = seller.get(LIST).content.decode()
    assert unpaid.number in text and to_send.number in text
    assert seller.get(f"{LIST}?pile=nonsense").status_code == 200
    assert unpaid.number not in seller.get(f"{LIST}?needs_review=yes").content.decode()


@pytest.mark.parametrize("asked", ["number", "email", "name", "sku"])
def test_orders_are_found_by_what_people_remember(seller, asked):
    order, other = (
        make_order(at="cod"),
        make_order(at="cod", email="eve@example.com", address={"name": "Eve"}),
    )
    words = {"number": order.number, "email": "ada@", "name": "Lovelace", "sku": order.lines.first().sku}
    text = seller.get(LIST, {"q": words[asked]}).content.decode()
    assert order.number in text and other.number not in text


def test_the_list_asks_no_more_for_many_than_for_two(seller, django_assert_max_num_queries):
    for _number in range(2):
        make_order(at="cod")
    seller.get(LIST)
    with django_assert_max_num_queries(30) as two:
        seller.get(LIST)
    for _number in range(4):
        make_order(at="cod")
    with django_assert_max_num_queries(len(two.captured_queries)):
        seller.get(LIST)


@pytest.mark.parametrize("at", ["placed", "paid", "cod", "collected"])
def test_the_page_tells_everything(seller, stripe, at):
    order = make_order(at=at)
    text = seller.get(page_of(order)).content.decode()
    for words in (
        order.number,
        order.email,
        "Contour mug",
        "Stephansplatz 1",
        "Timeline",
        "Journal",
        "Order placed",
    ):
        assert words in text, words


def test_the_goods_next_step_is_the_one_primary_button(seller):
    text = seller.get(page_of(make_order(at="cod"))).content.decode()
    head = text[text.index("work-steps") : text.index("work-columns")]
    assert head.count("primary") == 1 and "Pick" in head


def test_impossible_steps_are_not_offered(seller, stripe):
    paid, cod = make_order(at="paid"), make_order(at="cod")
    assert "Record cash" not in seller.get(page_of(paid)).content.decode()
    assert "Send payment link" not in seller.get(page_of(paid)).content.decode()
    assert "orders_order_refund" not in seller.get(page_of(cod)).content.decode()
    assert 'id="refund"' not in seller.get(page_of(cod)).content.decode()


def test_money_and_statuses_cannot_be_typed_over(seller):
    order = make_order(at="cod")
    seller.post(page_of(order), {"total_minor": 1, "status": "completed", "payment_status": "paid"})
    order.refresh_from_db()
    assert (order.status, order.payment_status) == ("confirmed", "unpaid") and order.total_minor > 1
    assert seller.get(f"{LIST}add/").status_code == 403
    assert seller.post(f"{LIST}{order.pk}/delete/").status_code == 403


def test_cancelling_wants_a_reason_and_pays_back(seller, stripe):
    order = make_order(at="paid")
    assert "Reason" in do(seller, order, "cancel")
    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED

    assert "is cancelled" in do(seller, order, "cancel", reason="out of paper")
    order = fresh(order)
    assert (order.status, order.cancelled_because, order.payment_status) == ("cancelled", "shop", "refunded")
    assert "Order cancelled: out of paper" in seller.get(page_of(order)).content.decode()


def test_no_page_breaks_over_a_number_that_is_none(seller):
    assert seller.get(f"{LIST}²/change/").status_code == 404


def test_cash_is_recorded_as_long_as_it_is_owed_and_something_was_sent(seller):
    label = "The carrier has paid in"
    assert label not in seller.get(page_of(make_order(at="packed"))).content.decode()
    assert label in seller.get(page_of(make_order(at="delivered"))).content.decode()


def test_refunds_by_pieces_delivery_or_sum(seller, stripe):
    order = make_order(at="paid", lines={mug(price_minor=1000): 3})
    line = order.lines.get()
    told = do(
        seller, order, "refund", once=uuid4(), **{f"pieces_{line.pk}": 2}, shipping="1,50", reason="broken"
    )
    assert "€21.50 goes back" in told
    assert "€4.00 goes back" in do(seller, order, "refund", once=uuid4(), amount="4.00", reason="sorry")
    assert fresh(order).paid_minor == order.total_minor - 2550
    assert Refund.objects.first().by == grace()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"reason": "x"},
        {"amount": "5", "shipping": "1", "reason": "x"},
        {"amount": "9999", "reason": "x"},
        {"amount": "-5", "reason": "x"},
        {"amount": "NaN", "reason": "x"},
        {"amount": "1e3", "reason": "x"},
        {"amount": "0.001", "reason": "x"},
        {"shipping": "50", "reason": "x"},
        {"amount": "5"},
    ],
)
def test_a_refund_that_makes_no_sense_is_refused(seller, stripe, data):
    order = make_order(at="paid", lines={mug(price_minor=1000): 3})
    do(seller, order, "refund", once=uuid4(), **data)
    assert not Refund.objects.exists()


def test_the_same_form_sent_twice_pays_back_once(seller, stripe):
    order, once = make_order(at="paid"), uuid4()
    for _press in range(2):
        do(seller, order, "refund", once=once, amount="5.00", reason="sorry")
    assert Refund.objects.get().amount_minor == 500


def test_cash_is_recorded_and_refunds_of_cash_are_paid_out_by_hand(seller):
    order = make_order(at="cod")
    assert "recorded" in do(seller, order, "record_cash")
    (made,) = refund(order, amount_minor=500, reason="")
    order = fresh(order)
    assert "I have paid it out" in seller.get(page_of(order)).content.decode()
    do(seller, order, "pay_out", refund=made.pk)
    assert fresh(order).payment_status == "partially_refunded"


@pytest.mark.parametrize("wrong", ["", "x", "²", "999999", "9" * 40])
def test_a_refund_of_another_order_is_not_touched(seller, wrong):
    order = make_order(at="collected")
    assert "no such refund" in do(seller, order, "pay_out", refund=wrong)


def test_looking_clears_the_flag(seller):
    order = make_order(at="cod")
    progress.flag(order, reason="odd")
    assert "odd" in seller.get(page_of(order)).content.decode()
    do(seller, order, "reviewed")
    order.refresh_from_db()
    assert order.needs_review == ""


def test_mails_are_sent_again_and_seen_on_the_page(seller, stripe):
    order = make_order(at="placed")
    assert "payment link" in do(seller, order, "send_pay_link")
    assert "Send mail again" not in seller.get(page_of(order)).content.decode()
    assert "not confirmed yet" in do(seller, order, "resend")
    assert "on its way" in do(seller, make_order(at="paid"), "resend")
    assert dict(Counter(Message.objects.values_list("name", flat=True))) == {"pay_link": 1, "receipt": 2}
    assert "waits for its payment" in seller.get(page_of(order)).content.decode()


def test_asking_the_provider_settles_and_says_when_it_is_away(seller, stripe):
    from shop.tests.walk import pay

    order = place({mug(): 1})
    pay(order)
    stripe.control("faults", mode="error", status=503, times=2, method="*")
    assert "does not answer" in do(seller, order, "look")
    do(seller, order, "look")
    assert fresh(order).payment_status == "paid"


def test_only_staff_with_the_right_may_look_and_act(client, stripe):
    order = make_order(at="paid")
    assert client.get(page_of(order)).status_code == 302
    client.force_login(eve())
    assert client.get(page_of(order)).status_code in (302, 403)

    helper = eve()
    helper.is_staff = True
    helper.save()
    helper.user_permissions.add(Permission.objects.get(codename="view_order"))
    text = client.get(page_of(order)).content.decode()
    assert order.number in text and "Send mail again" not in text and 'id="refund"' not in text
    for step in ("cancel", "refund", "reviewed"):
        assert client.post(reverse(f"admin:orders_order_{step}", args=[order.pk])).status_code == 403
    helper.user_permissions.add(Permission.objects.get(codename="change_order"))
    url = reverse("admin:orders_order_refund", args=[order.pk])
    assert client.post(url, {"once": uuid4(), "amount": "5", "reason": "x"}).status_code == 403
    assert not Refund.objects.exists()


def test_cancelling_a_paid_order_takes_the_right_to_refund_as_well(client, stripe):
    paid, unpaid, cash = make_order(at="paid"), place({mug(): 1}), make_order(at="cod")
    helper = eve(is_staff=True)
    rights = Permission.objects.filter(codename__in=["view_order", "change_order"])
    helper.user_permissions.add(*rights)
    client.force_login(helper)
    form = reverse("admin:orders_order_cancel", args=[paid.pk])
    assert form not in client.get(page_of(paid)).text
    assert "needs the right to refund" in do(client, paid, "cancel", reason="out of paper")
    paid.refresh_from_db()
    assert (paid.status, paid.cancel_note) == ("confirmed", "") and not Refund.objects.exists()

    for order in (unpaid, cash):  # nothing goes back
        assert reverse("admin:orders_order_cancel", args=[order.pk]) in client.get(page_of(order)).text
        assert "is cancelled" in do(client, order, "cancel", reason="out of paper")

    helper.user_permissions.add(Permission.objects.get(codename="add_refund"))
    assert form in client.get(page_of(paid)).text
    assert "is cancelled" in do(client, paid, "cancel", reason="out of paper")
    assert Refund.objects.get().amount_minor == paid.total_minor


def test_nothing_is_done_by_looking(seller):
    order = make_order(at="cod")
    assert seller.get(reverse("admin:orders_order_cancel", args=[order.pk])).status_code == 405
    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED


@pytest.mark.parametrize("model", ["paymentattempt", "refund"])
def test_payments_and_refunds_are_lists_to_look_at(seller, stripe, model):
    order = make_order(at="paid")
    refund(order, amount_minor=500, reason="scratched")
    text = seller.get(f"/admin/orders/{model}/").content.decode()
    assert order.number in text
    assert seller.get(f"/admin/orders/{model}/add/").status_code == 403
    row = (order.attempts if model == "paymentattempt" else order.refunds).get()
    assert seller.get(f"/admin/orders/{model}/{row.pk}/change/").status_code == 200
    assert order.number in seller.get(f"/admin/orders/{model}/", {"q": order.number}).content.decode()
