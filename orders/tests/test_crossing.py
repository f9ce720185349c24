"""Two things at once, in the order in which they hurt: what one window began and another one changed."""

import pytest
import requests

from catalog.publishing import unpublish
from checkout.gateways.stripe_client import client
from checkout.quoting import quote
from checkout.tests.factories import make_checkout
from orders import mails, paying, progress
from orders.cancelling import cancel_order
from orders.models import JournalEntry, Order, PaymentAttempt
from orders.paying import PaymentUnavailable, settle, start_payment
from orders.placing import CheckoutGone, place_order
from shop.core.models import Event, Message
from shop.tests.people import grace
from shop.tests.walk import COD, fresh, make_order, mug, pay, place

pytestmark = pytest.mark.django_db
Status = PaymentAttempt.Status


def test_what_was_authorised_on_the_providers_own_page_is_let_go_with_the_order(stripe, settings):
    settings.SHOP_STRIPE_CAPTURE = "manual"
    order = place({mug(): 1})
    started = start_payment(order, hosted=True)
    card = {"number": "4242424242424242", "expiry": "12/34", "cvc": "123", "email": order.email}
    requests.post(started.redirect_url, data=card, allow_redirects=False, timeout=5)
    assert settle(started.attempt).status == Status.AUTHORIZED
    cancel_order(fresh(order), reason="", by=None)

    assert fresh(order).attempts.get().status == Status.CANCELED


def test_goods_wait_for_a_person_when_an_authorisation_ends_untaken(stripe, settings):
    settings.SHOP_STRIPE_CAPTURE = "manual"
    order = place({mug(): 1})
    attempt = settle(pay(order))
    client().v1.payment_intents.cancel(attempt.provider_ref)
    settle(attempt)

    order = fresh(order)
    assert (order.status, order.payment_status) == ("confirmed", "unpaid")
    assert "nothing is paid" in order.needs_review


def test_a_payment_that_was_withdrawn_while_it_was_made_is_not_handed_out(stripe, monkeypatch):
    order = place({mug(): 1})
    ask = paying._ask

    def ask_slowly(order, attempt):
        made = ask(order, attempt)
        PaymentAttempt.objects.filter(pk=attempt.pk, status=Status.NEW).update(status=Status.CANCELED)
        monkeypatch.setattr(paying, "_ask", ask)
        return made

    monkeypatch.setattr(paying, "_ask", ask_slowly)
    started = start_payment(order)

    first, second = order.attempts.order_by("pk")
    assert started.attempt == second and started.client_secret.startswith(second.provider_ref)
    assert client().v1.payment_intents.retrieve(first.provider_ref).status == "canceled"


def test_refuses_another_means_when_a_payment_began_in_between(stripe, monkeypatch):
    order = place({mug(): 1})
    start_payment(order)
    monkeypatch.setattr(
        paying, "withdraw", lambda attempt: attempt
    )  # as if this one came after the withdrawal
    with pytest.raises(PaymentUnavailable):
        paying.change_means(order, gateway=COD)
    assert fresh(order).status == "placed" and order.attempts.count() == 1


def test_more_cash_than_is_still_owed_is_told():
    order = make_order(at="delivered")
    progress.enter(order, kind=JournalEntry.Kind.RETURNED, owed_minor=-1000)
    paying.record_cash(order, by=grace())
    order = fresh(order)
    assert order.due_minor == -1000 and "More was collected" in order.needs_review


def test_nobody_is_told_of_a_cancellation_that_no_longer_holds(stripe):
    order = make_order(at="paid")
    assert order.cancelled_at is None
    assert mails.cancellation(order) is None and not Message.objects.filter(name="order_cancelled").exists()


def test_refuses_goods_that_were_withdrawn_since_the_checkout_began():
    variant = mug()
    checkout = make_checkout({variant: 1})
    seen = quote(checkout).fingerprint
    unpublish(variant.product)
    with pytest.raises(CheckoutGone, match="Contour mug"):
        place_order(checkout, gateway=COD, fingerprint=seen, terms_version=None)
    assert not Order.objects.exists()


def test_looking_at_an_order_is_noted_once():
    order = make_order(at="cod")
    progress.flag(order, reason="Odd.")
    for _twice in range(2):
        progress.clear_flag(order, by=grace())
    assert fresh(order).needs_review == ""
    assert Event.objects.filter(name="order.reviewed").count() == 1
