"""Cards and debits over real HTTP against the simulated Stripe."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from checkout.gateways import gateway_named
from checkout.gateways.base import State
from orders.booking import MOST_DECLINES
from orders.models import JournalEntry, Order, PaymentAttempt
from orders.paying import AlreadyPaid, PaymentRefused, settle, start_payment
from orders.settling import handle_of, record
from shop.core import clock
from shop.core.models import Event, Message
from shop.tests.walk import fresh, make_order, mug, pay, place

pytestmark = pytest.mark.django_db
Status = PaymentAttempt.Status
CREATE = "/v1/payment_intents$"


def events(*names):
    return [event.name for event in Event.objects.filter(name__in=names).order_by("pk")]


def test_a_card_pays_an_order(stripe, deliver):
    order = place({mug(): 2})
    started = start_payment(order)
    assert started.client_secret.startswith(started.attempt.provider_ref)

    settled = settle(pay(order))
    order.refresh_from_db()

    assert settled.status == Status.CAPTURED and settled.means == "Visa •••• 4242"
    assert (order.status, order.payment_status, order.paid_minor) == ("confirmed", "paid", order.total_minor)
    assert order.due_minor == 0 and order.pay_before is None
    assert events("order.confirmed", "order.paid") == ["order.confirmed", "order.paid"]
    assert settled.next_check_at is None
    deliver()
    assert [message.name for message in Message.objects.filter(to=order.email)] == ["receipt"]


def test_settling_again_changes_nothing(stripe):
    order = make_order(at="paid")
    attempt, before = order.attempts.get(), Event.objects.count()

    settle(attempt)
    settle(attempt)

    assert Event.objects.count() == before
    assert order.journal.filter(kind=JournalEntry.Kind.CAPTURED).count() == 1


def test_starting_again_goes_on_with_the_same_intent(stripe):
    order = place({mug(): 1})
    first, second = start_payment(order), start_payment(order)

    assert first.attempt == second.attempt and first.client_secret == second.client_secret
    assert len(stripe.requests(method="POST", path="/v1/payment_intents")) == 1
    assert order.attempts.count() == 1


def test_a_declined_card_leaves_the_order_payable(stripe):
    order = place({mug(): 1})
    attempt = start_payment(order).attempt
    with pytest.raises(Exception, match="declined"):
        pay(order, method="pm_card_chargeDeclined")

    declined = settle(attempt)
    assert (declined.status, declined.declines) == (Status.INTENT_CREATED, 1)
    assert "declined" in declined.error_message
    assert settle(declined).declines == 1
    order.refresh_from_db()
    assert order.status == Order.Status.PLACED

    settle(pay(order))
    assert fresh(order).payment_status == "paid"
    assert order.attempts.count() == 1


def test_many_declined_cards_withdraw_the_intent_and_ask_for_patience(stripe):
    order = place({mug(): 1})
    for _try in range(MOST_DECLINES):
        with pytest.raises(Exception, match="declined"):
            pay(order, method="pm_card_chargeDeclined")
        attempt = settle(order.attempts.get())

    assert attempt.status == Status.CANCELED
    with pytest.raises(PaymentRefused, match="Wait"):
        start_payment(order)
    PaymentAttempt.objects.update(updated_at=Now() - timedelta(minutes=16))
    assert start_payment(order).client_secret


def test_three_d_secure_waits_for_the_customer(stripe):
    order = place({mug(): 1})
    attempt = settle(pay(order, method="pm_card_authenticationRequired"))
    assert attempt.status == Status.REQUIRES_ACTION

    stripe.control(f"payment_intents/{attempt.provider_ref}/challenge", outcome="complete")
    settle(attempt)
    assert fresh(order).payment_status == "paid"


def test_three_d_secure_failed_can_be_tried_again(stripe):
    order = place({mug(): 1})
    attempt = settle(pay(order, method="pm_card_authenticationRequired"))
    stripe.control(f"payment_intents/{attempt.provider_ref}/challenge", outcome="fail")

    attempt = settle(attempt)

    assert attempt.status == Status.INTENT_CREATED and attempt.error_code
    settle(pay(order))
    assert fresh(order).payment_status == "paid"


def test_a_debit_under_way_keeps_the_goods_and_confirms_when_it_arrives(stripe):
    stripe.control("settings", payment_methods=["card", "sepa_debit"], async_seconds=3600)
    variant = mug()
    order = place({variant: 2})
    attempt = start_payment(order).attempt
    _confirm_debit(attempt)

    settle(attempt)
    order = fresh(order)
    assert (order.status, order.payment_status) == ("placed", "processing")
    assert order.pay_before > order.placed_at + timedelta(days=9)
    with pytest.raises(AlreadyPaid):
        start_payment(order)

    stripe.control(f"payment_intents/{attempt.provider_ref}/debit", outcome="succeeded")
    settle(attempt)
    assert fresh(order).payment_status == "paid"


def test_a_debit_that_comes_back_leaves_a_day_and_a_mail(stripe):
    stripe.control("settings", payment_methods=["card", "sepa_debit"], async_seconds=3600)
    order = place({mug(): 1})
    attempt = start_payment(order).attempt
    _confirm_debit(attempt)
    settle(attempt)
    stripe.control(f"payment_intents/{attempt.provider_ref}/debit", outcome="failed")

    settle(attempt)
    order = fresh(order)

    assert (order.status, order.payment_status) == ("placed", "unpaid")
    mail = Message.objects.get(name="payment_failed")
    assert "[hidden]" not in mail.text and order.token not in mail.text + mail.html
    settle(pay(order))
    assert fresh(order).payment_status == "paid"


def test_a_debit_that_is_withdrawn_keeps_the_goods_a_day_and_no_longer(stripe):
    stripe.control("settings", payment_methods=["card", "sepa_debit"], async_seconds=3600)
    order = place({mug(): 1})
    attempt = start_payment(order).attempt
    _confirm_debit(attempt)
    attempt = settle(attempt)
    under_way = gateway_named("stripe").fetch(handle_of(attempt), currency="EUR")

    record(attempt, payment=replace(under_way, state=State.CANCELED))
    order = fresh(order)

    assert (order.status, order.payment_status) == ("placed", "unpaid")
    assert order.pay_before < clock.now() + timedelta(hours=25)
    assert Message.objects.filter(name="payment_failed").count() == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"amount": 1, "received": 1}, "is about 1"),
        ({"currency": "USD"}, "is in USD"),
        ({"reference": "somebody else's"}, "belongs to another"),
        ({"is_live": True}, "other mode"),
    ],
)
def test_a_payment_that_differs_confirms_nothing(stripe, changes, why):
    order = place({mug(): 1})
    attempt = start_payment(order).attempt

    record(attempt, payment=_payment(attempt, **changes))
    order.refresh_from_db()

    assert order.status == Order.Status.PLACED and why in order.needs_review
    assert order.payment_status == "unpaid"
    assert events("order.flagged", "order.confirmed") == ["order.flagged"]


def _confirm_debit(attempt):
    from checkout.gateways.stripe_client import client

    client().v1.payment_intents.confirm(
        attempt.provider_ref,
        {
            "payment_method_data": {
                "type": "sepa_debit",
                "sepa_debit": {"iban": "AT611904300234573201"},
                "billing_details": {"name": "Ada Lovelace", "email": "ada@example.com"},
            },
            "mandate_data": {"customer_acceptance": {"type": "offline"}},
            "return_url": "https://shop.example/back",
        },
    )


def _payment(attempt, *, amount=None, received=None, currency="EUR", reference=None, is_live=False):
    from checkout.gateways.base import Payment, State
    from shop.core.money import Money

    return Payment(
        state=State.CAPTURED,
        amount=Money(amount or attempt.amount_minor, currency),
        received=Money(received or attempt.amount_minor, currency),
        reference=reference or str(attempt.uuid),
        provider_ref=attempt.provider_ref,
        is_live=is_live,
    )
