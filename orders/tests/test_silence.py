"""When the provider gives no answer: nothing is lost, nothing is done twice, and there is another way to pay."""

import time

import pytest

from orders import paying
from orders.models import Order, PaymentAttempt
from orders.paying import PaymentUnavailable, settle, start_payment
from orders.tests.factories import intents
from shop.tests.walk import COD, fresh, mug, pay, place

pytestmark = pytest.mark.django_db
Status = PaymentAttempt.Status
CREATE = "/v1/payment_intents$"


def test_no_answer_is_unknown_and_never_failed(stripe):
    order = place({mug(): 1})
    stripe.control("faults", mode="reset", times=2, path=CREATE)

    with pytest.raises(PaymentUnavailable, match="not been charged"):
        start_payment(order)

    attempt = order.attempts.get()
    assert attempt.status == Status.UNKNOWN and attempt.next_check_at


def test_a_create_whose_answer_got_lost_ends_in_one_intent(stripe, settings):
    """B09: Stripe did it, the line was silent for longer than we wait."""
    settings.SHOP_STRIPE_TIMEOUT, settings.SHOP_STRIPE_MAX_NETWORK_RETRIES = (1.0, 0.5), 0
    order = place({mug(): 1})
    stripe.control("faults", mode="timeout", when="after", path=CREATE, seconds=0.8)
    with pytest.raises(PaymentUnavailable):
        start_payment(order)
    time.sleep(0.5)

    started = start_payment(order)

    assert started.attempt == order.attempts.get()
    assert len(intents()) == 1 and intents()[0]["id"] == started.attempt.provider_ref
    settle(pay(order))
    assert fresh(order).payment_status == "paid"


def test_a_failure_that_stripe_repeats_by_its_key_does_not_block_the_order(stripe):
    """B10: a stored 500 comes back for a day under the same key."""
    order = place({mug(): 1})
    stripe.control("faults", mode="error", status=500, times=1, path=CREATE)
    with pytest.raises(PaymentUnavailable):
        start_payment(order)

    settle(pay(order))

    assert fresh(order).payment_status == "paid"
    assert len([one for one in intents() if one["status"] == "succeeded"]) == 1


def test_an_attempt_without_an_answer_is_found_by_what_was_written_on_it(stripe, monkeypatch):
    """B12 without the kill: the process died between Stripe's answer and our note of it."""
    order = place({mug(): 1})
    monkeypatch.setattr(paying, "record", _die)
    with pytest.raises(Died):
        start_payment(order)
    monkeypatch.undo()
    attempt = order.attempts.get()
    assert (attempt.status, attempt.provider_ref) == (Status.NEW, None)

    attempt = settle(attempt)

    assert attempt.provider_ref == intents()[0]["id"]
    assert start_payment(order).attempt == attempt and len(intents()) == 1


def test_stripe_being_away_leaves_cash_on_delivery(stripe, settings):
    """The card was never handed out, so nobody can pay it; what Stripe may have made is withdrawn when it is back."""
    settings.SHOP_STRIPE_MAX_NETWORK_RETRIES = 0
    order = place({mug(): 1})
    stripe.control("faults", mode="reset", when="after", path=CREATE)
    with pytest.raises(PaymentUnavailable):
        start_payment(order)
    out_of_order(stripe)

    paying.change_means(order, gateway=COD)
    assert fresh(order).status == Order.Status.CONFIRMED

    stripe.control("faults", verb="DELETE")
    settle(order.attempts.get(gateway="stripe"))
    assert [one["status"] for one in intents()] == ["canceled"]


def out_of_order(stripe):
    """Stripe answers everything with 503 until the faults are taken back."""
    stripe.control("faults", mode="error", status=503, times=999, method="*")


class Died(Exception):
    pass


def _die(*args, **kwargs):
    raise Died
