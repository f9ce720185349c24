"""One way to pay at a time, and changing one's mind."""

import pytest
import requests

from orders import paying
from orders.models import JournalEntry, PaymentAttempt
from orders.paying import AlreadyPaid, NotPayable, settle, start_payment
from orders.tests.factories import intents
from shop.core.models import Message
from shop.tests.walk import COD, fresh, make_order, mug, place

pytestmark = pytest.mark.django_db
Status = PaymentAttempt.Status
CREATE = "/v1/payment_intents$"


def test_another_amount_is_another_attempt(stripe):
    order = place({mug(): 1})
    first = start_payment(order).attempt
    JournalEntry.objects.create(order=order, kind="allowance", owed_minor=-500, currency="EUR")
    from orders import progress

    progress.refresh(order)

    second = start_payment(order).attempt

    first.refresh_from_db()
    assert (first.status, second.amount_minor) == (Status.CANCELED, first.amount_minor - 500)
    assert {one["id"]: one["status"] for one in intents()}[first.provider_ref] == "canceled"


def test_hosted_checkout_serves_where_no_script_runs(stripe):
    order = place({mug(): 1})
    started = start_payment(order, hosted=True)
    assert started.redirect_url.startswith(stripe.url) and not started.client_secret
    assert start_payment(order, hosted=True).redirect_url == started.redirect_url

    assert settle(started.attempt).status == Status.INTENT_CREATED
    card = {"number": "4242424242424242", "expiry": "12/34", "cvc": "123", "email": order.email}
    page = requests.post(started.redirect_url, data=card, allow_redirects=False, timeout=5)
    assert page.headers["Location"].endswith(f"/orders/{order.number}/confirming/")

    assert settle(started.attempt).status == Status.CAPTURED
    assert fresh(order).payment_status == "paid"


def test_only_one_way_to_pay_is_open_at_a_time(stripe):
    order = place({mug(): 1})
    here = start_payment(order).attempt
    there = start_payment(order, hosted=True)

    here.refresh_from_db()
    assert here.status == Status.CANCELED
    assert start_payment(order).client_secret
    assert settle(there.attempt).status == Status.CANCELED


def test_a_cancelled_order_is_not_paid(stripe):
    from orders.cancelling import cancel_order

    order = place({mug(): 1})
    cancel_order(order, reason="", by=None)
    with pytest.raises(NotPayable):
        start_payment(order)


def test_a_paid_order_is_not_paid_again(stripe):
    with pytest.raises(AlreadyPaid):
        start_payment(make_order(at="paid"))


def test_changing_to_cash_on_delivery_confirms_and_withdraws_the_card(stripe):
    order = place({mug(): 1})
    attempt = start_payment(order).attempt

    paying.change_means(order, gateway=COD)
    order = fresh(order)

    attempt.refresh_from_db()
    assert attempt.status == Status.CANCELED and intents()[0]["status"] == "canceled"
    assert (order.status, order.gateway) == ("confirmed", COD)
    assert order.attempts.active().get().status == Status.PROMISED


def test_cash_is_paid_only_when_staff_records_it(deliver):
    from shop.tests.people import grace

    order = make_order(at="cod")
    assert order.payment_status == "unpaid"

    paying.record_cash(order, by=grace())
    deliver()
    order.refresh_from_db()

    assert (order.payment_status, order.paid_minor) == ("paid", order.total_minor)
    assert order.journal.get(kind="captured").actor == grace()
    assert {mail.name for mail in Message.objects.all()} == {"order_confirmed", "receipt"}
    with pytest.raises(NotPayable):
        paying.record_cash(order, by=grace())
