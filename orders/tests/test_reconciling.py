"""Webhook, return page and schedule together: in any order, any number, or not at all."""

import pytest

from orders.models import Order
from orders.paying import start_payment
from orders.reconciling import read_back_events, settle_due
from orders.tests.hooking import event, post
from shop.core.models import Notice
from shop.tests.walk import fresh, mug, pay, place

pytestmark = pytest.mark.django_db


def test_the_page_redirect_and_the_webhook_have_one_effect(stripe, live_shop, deliver):
    """B03, B04: whichever comes first, and the other after it."""
    from orders.paying import settle

    first, second = place({mug(): 1}), place({mug(): 1})
    pay(first)
    stripe.flush()
    deliver()
    assert fresh(first).payment_status == "paid"
    settle(first.attempts.get())

    settle(pay(second))
    stripe.flush()
    for order in (first, second):
        order = fresh(order)
        assert order.payment_status == "paid"
        assert order.journal.filter(kind="captured").count() == 1
    assert set(Notice.objects.values_list("status", flat=True)) == {"applied"}


def test_events_in_any_order_and_number_have_one_effect(stripe, live_shop, deliver):
    """B07, B08: ten copies, newest first."""
    order = place({mug(): 1})
    attempt = start_payment(order).attempt
    stripe.control("webhooks", duplicate=9, reorder=12)
    with pytest.raises(Exception, match="declined"):
        pay(order, method="pm_card_visa_chargeDeclined")
    pay(order)
    stripe.flush()
    deliver()

    order = fresh(order)
    assert (order.status, order.payment_status) == ("confirmed", "paid")
    assert order.journal.filter(kind="captured").count() == 1
    assert Notice.objects.filter(object_id=attempt.provider_ref).count() >= 2


def test_a_webhook_that_overtakes_our_note_of_the_intent_finds_its_attempt(stripe, live_shop, deliver):
    """Matched by what we wrote on the intent: its id is not stored yet."""
    order = place({mug(): 1})
    attempt = start_payment(order).attempt
    intent = attempt.provider_ref
    type(attempt).objects.filter(pk=attempt.pk).update(provider_ref=None, status="new")
    stripe.control(f"payment_intents/{intent}/pay")
    stripe.flush()
    deliver()

    assert fresh(order).payment_status == "paid"
    attempt.refresh_from_db()
    assert attempt.provider_ref == intent


def test_without_webhook_and_without_return_the_schedule_settles(stripe):
    """B05."""
    from datetime import timedelta

    from django.db.models.functions import Now

    from orders.models import PaymentAttempt

    order = place({mug(): 1})
    pay(order)
    PaymentAttempt.objects.update(next_check_at=Now() - timedelta(seconds=1))

    assert len(settle_due().attempts) == 1

    assert fresh(order).payment_status == "paid"
    assert settle_due().attempts == []


def test_the_checks_come_close_enough_while_an_order_can_be_paid(stripe):
    """Five minutes at most between two looks during the half hour in which the goods wait."""
    from orders.settling import CHECK_MINUTES

    assert max(CHECK_MINUTES[:10]) <= 5 and sum(CHECK_MINUTES[:10]) >= 29


def test_lost_webhooks_are_read_back(stripe, live_shop, deliver):
    stripe.control("webhooks", drop=1000)
    order = place({mug(): 1})
    pay(order)
    stripe.flush()
    assert not Notice.objects.exists()

    assert read_back_events() > 0
    deliver()

    assert fresh(order).payment_status == "paid"
    assert read_back_events() == 0


def test_one_notice_that_fails_keeps_nobody_else_waiting(stripe, monkeypatch):
    from datetime import timedelta

    from django.db.models.functions import Now

    from orders import reconciling
    from orders.models import PaymentAttempt

    orders = [place({mug(): 1}) for _number in range(3)]
    for order in orders:
        pay(order)
    PaymentAttempt.objects.update(next_check_at=Now() - timedelta(seconds=1))
    poison, settle = orders[0].attempts.get(), reconciling.settle

    def sometimes(attempt):
        if attempt == poison:
            raise RuntimeError("of all things")
        return settle(attempt)

    monkeypatch.setattr(reconciling, "settle", sometimes)
    settle_due()
    assert [fresh(order).payment_status for order in orders] == ["unpaid", "paid", "paid"]


def test_what_is_not_ours_is_left_alone_and_what_might_be_waits(stripe, client, deliver):
    """Several shops may share an account; an attempt that we do not know may have been lost with a backup."""
    post(client, event(id="evt_theirs"))
    ours = {
        "object": "payment_intent",
        "id": "pi_2",
        "metadata": {"attempt": "00000000-0000-4000-8000-000000000000"},
    }
    post(client, event(id="evt_lost", data={"object": ours}))
    deliver()
    found = dict(Notice.objects.values_list("external_id", "status"))
    assert found == {"evt_theirs": "ignored", "evt_lost": "unmatched"}


def test_a_dispute_flags_the_order_once(stripe, live_shop, deliver):
    """B20."""
    order = place({mug(): 1})
    pay(order, method="pm_card_createDispute")
    stripe.flush()
    deliver()
    assert "disputes" in Order.objects.get(pk=order.pk).needs_review


@pytest.fixture
def live_shop(stripe, client, monkeypatch):
    """The simulator's webhooks are taken over a real socket and handed to the shop."""
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    waiting, done = [], threading.Condition()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with done:
                waiting.append((body, self.headers["Stripe-Signature"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stripe.listen(f"http://127.0.0.1:{server.server_port}/")
    real = stripe.flush

    def flush(**options):
        real(**options)
        with done:
            for body, signature in waiting:
                assert post(client, body.decode(), signature=signature).status_code == 200
            waiting.clear()

    monkeypatch.setattr(stripe, "flush", flush)
    yield
    server.shutdown()
    server.server_close()
