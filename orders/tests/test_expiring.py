"""Unpaid orders, and money that comes too late."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models.functions import Now

from catalog import stock
from checkout.gateways import gateway_named
from orders.cancelling import cancel_order
from orders.expiring import expire_unpaid
from orders.models import Order, PaymentAttempt
from orders.paying import settle, start_payment
from orders.settling import record
from shop.core.models import Event, Message
from shop.tests.walk import fresh, mug, pay, place

pytestmark = pytest.mark.django_db


def overdue(order):
    Order.objects.filter(pk=order.pk).update(pay_before=Now() - timedelta(minutes=1))
    return order


def test_the_payment_is_withdrawn_before_the_goods_go_back(stripe):
    variant = mug(stock=3)
    order = place({variant: 2})
    attempt = start_payment(order).attempt
    overdue(order)

    assert expire_unpaid() == [order]
    order = fresh(order)

    assert (order.status, order.cancelled_because, order.owed_minor) == ("cancelled", "expired", 0)
    assert stock.available([variant.pk])[variant.pk] == 3
    attempt.refresh_from_db()
    assert attempt.status == PaymentAttempt.Status.CANCELED
    assert "not paid in time" in Message.objects.get(name="order_cancelled").text
    assert expire_unpaid() == []


def test_nothing_expires_before_its_time(stripe):
    place({mug(): 1})
    assert expire_unpaid() == []


def test_what_was_paid_meanwhile_is_confirmed_instead(stripe):
    order = place({mug(): 1})
    pay(order)
    overdue(order)

    assert expire_unpaid() == []
    assert fresh(order).payment_status == "paid"


def test_a_provider_that_does_not_answer_keeps_the_goods(stripe):
    order = place({mug(): 1})
    start_payment(order)
    overdue(order)
    stripe.control("faults", mode="error", status=503, times=999, method="*")

    assert expire_unpaid() == []
    order.refresh_from_db()
    assert order.status == Order.Status.PLACED and stock.promised(order.holder)

    stripe.control("faults", verb="DELETE")
    assert expire_unpaid() == [order]


def test_an_order_that_never_got_as_far_as_a_card_expires_too(stripe):
    order = overdue(place({mug(): 1}))
    assert expire_unpaid() == [order]


def test_late_money_revives_an_order_whose_goods_are_there(stripe):
    variant = mug(stock=3)
    order, attempt = _paid_too_late({variant: 2})

    settle(attempt)
    order = fresh(order)

    assert (order.status, order.payment_status, order.due_minor) == ("confirmed", "paid", 0)
    assert stock.promised(order.holder) == {variant.pk: 2}
    assert order.cancelled_at is None and order.lines.get().cancelled == 0
    assert not order.refunds.exists()


def test_late_money_goes_back_when_the_goods_are_gone(stripe):
    variant = mug(stock=2)
    order, attempt = _paid_too_late({variant: 2})
    stock.reserve({variant.pk: 1}, holder="checkout:999", minutes=5)

    settle(attempt)
    order = fresh(order)

    assert (order.status, order.payment_status, order.due_minor) == ("cancelled", "refunded", 0)
    assert order.needs_review and order.refunds.get().status == "succeeded"
    assert Message.objects.filter(name="refund_made").count() == 1
    settle(attempt)
    assert order.refunds.count() == 1


def test_late_money_of_an_order_that_was_cancelled_on_purpose_goes_back(stripe):
    order = place({mug(stock=5): 1})
    attempt = start_payment(order).attempt
    cancel_order(order, reason="", by=None)
    pay_now(attempt)

    settle(attempt)

    order = fresh(order)
    assert (order.status, order.payment_status) == ("cancelled", "refunded")


def test_late_money_waits_for_a_person_where_the_shop_wants_that(stripe, settings):
    settings.SHOP_LATE_PAYMENT = "hold"
    order, attempt = _paid_too_late({mug(stock=5): 1})

    settle(attempt)

    order = fresh(order)
    assert order.status == Order.Status.CANCELLED and order.due_minor == -order.total_minor
    assert order.needs_review and not order.refunds.exists()


def test_paying_twice_gives_the_newer_payment_back_and_leaves_the_order_paid(stripe):
    order = place({mug(): 1})
    first = start_payment(order).attempt
    PaymentAttempt.objects.filter(pk=first.pk).update(
        status="canceled"
    )  # as if withdrawing had failed unseen
    settle(pay(order))
    pay_now(first)

    settle(first)
    order = fresh(order)

    assert (order.status, order.payment_status, order.due_minor) == ("confirmed", "paid", 0)
    refund = order.refunds.get()
    assert refund.attempt == first and refund.status == "succeeded"
    assert Event.objects.filter(name="order.confirmed").count() == 1


def test_a_payment_that_is_made_while_it_is_withdrawn_is_written_down_at_once(stripe, monkeypatch):
    order = place({mug(): 1})
    attempt = start_payment(order).attempt
    PaymentAttempt.objects.filter(pk=attempt.pk).update(status="canceled")
    overdue(order)
    assert expire_unpaid() == [order]
    gateway = type(gateway_named("stripe"))
    cancel = gateway.cancel

    def too_late(self, handle):
        pay_now(attempt)
        return cancel(self, handle)

    monkeypatch.setattr(gateway, "cancel", too_late)
    assert settle(attempt).status == PaymentAttempt.Status.CAPTURED
    order = fresh(order)
    assert (order.status, order.payment_status) == ("confirmed", "paid")


def test_the_commands_say_what_they_would_do_and_then_do_it(stripe):
    order = overdue(place({mug(): 1}))
    out = StringIO()
    call_command("expire_unpaid", dry_run=True, stdout=out)
    order.refresh_from_db()
    assert order.number in out.getvalue() and order.status == Order.Status.PLACED

    call_command("expire_unpaid", stdout=out)
    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED
    call_command("explain_order", order.number, stdout=out)
    assert "expired" in out.getvalue() and "still to be paid: 0.00 EUR" in out.getvalue()


def _paid_too_late(lines):
    """Expired; the customer's page was still open, and the withdrawal of the intent had got lost."""
    order = place(lines)
    attempt = start_payment(order).attempt
    PaymentAttempt.objects.filter(pk=attempt.pk).update(status="canceled")
    overdue(order)
    assert expire_unpaid() == [order]
    pay_now(attempt)
    return order, attempt


def pay_now(attempt):
    from checkout.gateways.stripe_client import client

    client().v1.payment_intents.confirm(
        attempt.provider_ref, {"payment_method": "pm_card_visa", "return_url": "https://shop.example/back"}
    )


def test_record_is_what_settle_writes(stripe):
    """An unknown payment changes nothing before an answer was ever had."""
    order = place({mug(): 1})
    attempt = PaymentAttempt.objects.create(
        order=order, gateway="stripe", amount_minor=order.total_minor, currency="EUR"
    )
    assert record(attempt, payment=None).status == PaymentAttempt.Status.NEW
