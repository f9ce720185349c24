"""Two at once, with threads and real commits. Each race has its control: with the guard off, it goes wrong.

A delay inside the guarded part makes the threads meet there, so neither test depends on luck.
"""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connections

from catalog import stock
from catalog.models import Reservation
from checkout.quoting import quote
from checkout.tests.factories import make_checkout
from orders import cancelling, expiring, paying, placing, refunding, repaying, settling
from orders.models import JournalEntry, Order, PaymentAttempt, Refund
from shop.core import integrity, locks
from shop.core.models import Event
from shop.core.states import IllegalMove
from shop.tests.walk import COD, make_order, mug, pay, place

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable) -> list:
    """What each returned or raised, all started at the same moment."""
    start, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number, call):
        try:
            start.wait()
            results[number] = call()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def slow(monkeypatch, module, name, *, seconds=0.3):
    """`module.name` takes a moment before it does its work."""
    real = getattr(module, name)

    def later(*args, **kwargs):
        time.sleep(seconds)
        return real(*args, **kwargs)

    monkeypatch.setattr(module, name, later)


def without_lock(monkeypatch, *modules):
    """The guard is off: rows are read and not locked."""
    for module in modules:
        monkeypatch.setattr(module, "lock", lambda queryset: queryset)


def healthy():
    found = integrity.run(["N03", "N05", "N06", "N07", "N08", "N09", "N10", "N12", "N14"])
    return {code: rows for code, rows in found.items() if rows} == {}


# --- B01: a double click on Pay ---


def double_click(monkeypatch):
    variant = mug(stock=5)
    checkout = make_checkout({variant: 2})
    seen = quote(checkout).fingerprint
    slow(monkeypatch, placing, "quote")

    def press():
        return placing.place_order(checkout, gateway=COD, fingerprint=seen, terms_version=None)

    return at_once(press, press), variant


def test_a_double_click_places_one_order(monkeypatch):
    (first, second), variant = double_click(monkeypatch)
    assert isinstance(first, Order) and first == second
    assert Order.objects.count() == 1 and Event.objects.filter(name="order.placed").count() == 1
    assert stock.available([variant.pk])[variant.pk] == 3
    assert healthy()


def test_without_the_lock_a_double_click_fails(monkeypatch):
    without_lock(monkeypatch, placing)
    results, _variant = double_click(monkeypatch)
    assert any(isinstance(one, IntegrityError | IllegalMove) for one in results)


# --- two tabs begin to pay ---


def two_tabs(monkeypatch):
    order = place({mug(): 1})
    slow(monkeypatch, paying, "_check_calm")
    return order, at_once(*[lambda: paying.start_payment(order)] * 2)


def test_two_tabs_share_one_intent(monkeypatch, stripe):
    order, (first, second) = two_tabs(monkeypatch)
    assert first.client_secret == second.client_secret
    assert order.attempts.count() == 1
    assert (
        len({one["idempotency_key"] for one in stripe.requests(method="POST", path="/v1/payment_intents")})
        == 1
    )


def test_without_the_lock_two_tabs_collide(monkeypatch, stripe):
    without_lock(monkeypatch, paying)
    _order, results = two_tabs(monkeypatch)
    assert any(isinstance(one, IntegrityError) for one in results)


# --- B07: return page, webhook and reconciler at the same moment ---


def settle_four_times(monkeypatch):
    order = place({mug(): 1})
    attempt = pay(order)
    slow(monkeypatch, settling, "_mismatch")
    return order, at_once(*[lambda: settling.settle(attempt)] * 4)


def test_settling_four_times_at_once_has_one_effect(monkeypatch, stripe):
    _order, results = settle_four_times(monkeypatch)
    assert [one.status for one in results] == ["captured"] * 4
    assert JournalEntry.objects.filter(kind="captured").count() == 1
    assert Event.objects.filter(name="order.paid").count() == 1
    assert healthy()


def test_without_the_lock_settling_at_once_fails(monkeypatch, stripe):
    without_lock(monkeypatch, settling)
    _order, results = settle_four_times(monkeypatch)
    assert any(isinstance(one, IllegalMove) for one in results)


# --- D05: two sellers refund at the same moment ---


def two_refunds(monkeypatch):
    order = make_order(at="collected", lines={mug(price_minor=9510): 1})
    assert order.total_minor == 9510  # free delivery
    slow(monkeypatch, Refund.objects, "create")  # between looking how much is left and writing
    return order, at_once(*[lambda: refunding.refund(order, amount_minor=6000, reason="")] * 2)


def test_two_refunds_never_give_back_more_than_was_paid(monkeypatch):
    _order, results = two_refunds(monkeypatch)
    assert sum(isinstance(one, refunding.TooMuch) for one in results) == 1
    assert Refund.objects.get().amount_minor == 6000
    assert healthy()


def test_without_the_lock_and_the_second_look_two_refunds_give_back_too_much(monkeypatch):
    """Booking the allowance makes the second one wait too, and look again: both guards are off here."""
    without_lock(monkeypatch, refunding)
    looked: dict[int, int] = {}
    real = repaying.left_of
    monkeypatch.setattr(repaying, "left_of", lambda attempt: looked.setdefault(attempt.pk, real(attempt)))
    two_refunds(monkeypatch)
    assert sum(Refund.objects.values_list("amount_minor", flat=True)) == 12_000


# --- an order expires while its customer pays ---


def expire_while_paying(monkeypatch):
    """The customer presses Pay in the very moment before the goods go back on sale."""
    variant = mug(stock=1)
    order = place({variant: 1})
    attempt = paying.start_payment(order).attempt
    Order.objects.filter(pk=order.pk).update(pay_before="2026-01-01T00:00Z")
    pressed = []
    real = expiring._expire

    def pay_first(order):
        try:
            pressed.append(confirm(attempt))
        except Exception as refused:
            pressed.append(refused)
        return real(order)

    monkeypatch.setattr(expiring, "_expire", pay_first)
    expiring.expire_unpaid()
    return order, attempt, pressed[0]


def test_what_is_given_up_can_no_longer_be_paid(monkeypatch, stripe):
    order, _attempt, pressed = expire_while_paying(monkeypatch)
    assert "canceled" in str(pressed)
    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED and not Reservation.objects.exists()
    assert healthy()


def test_without_withdrawing_first_somebody_pays_for_goods_that_are_gone(monkeypatch, stripe):
    monkeypatch.setattr(
        expiring,
        "withdraw",
        lambda attempt: PaymentAttempt.objects.filter(pk=attempt.pk).update(status="canceled"),
    )
    order, _attempt, pressed = expire_while_paying(monkeypatch)
    assert pressed.status == "succeeded"
    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED


def _only_written_down(attempt):
    PaymentAttempt.objects.filter(pk=attempt.pk).update(status="canceled")


# --- somebody cancels while the payment arrives ---


def test_cancelling_while_the_money_arrives_keeps_neither_goods_nor_money(stripe, deliver):
    order = place({mug(): 1})
    attempt = pay(order)
    results = at_once(
        lambda: settling.settle(attempt), lambda: cancelling.cancel_order(order, reason="", by=None)
    )
    assert not [one for one in results if isinstance(one, Exception)]
    deliver()
    order = Order.objects.get(pk=order.pk)
    assert (order.status, order.payment_status, order.due_minor) == ("cancelled", "refunded", 0)
    assert not stock.promised(order.holder) and healthy()


def test_the_lock_that_these_races_rely_on_is_the_one_of_the_house():
    assert all(
        module.lock is locks.lock for module in (placing, paying, settling, refunding, expiring, cancelling)
    )


def confirm(attempt):
    from checkout.gateways.stripe_client import client

    return client().v1.payment_intents.confirm(
        attempt.provider_ref, {"payment_method": "pm_card_visa", "return_url": "https://shop.example/back"}
    )
