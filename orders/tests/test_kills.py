"""A process dies at the worst moment (SIGKILL at a named fault point), and another one goes on where it stopped."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.db.models.functions import Now

from orders.models import Order, PaymentAttempt, Refund
from orders.paying import settle, start_payment
from orders.reconciling import settle_due
from orders.refunding import refund
from shop.core import integrity
from shop.core.outbox import deliver_due
from shop.tests.walk import make_order, mug, pay, place

pytestmark = pytest.mark.django_db(transaction=True)


def dies_at(point: str, code: str, settings) -> None:
    """Run `code` in a process of its own, on the same database and simulator, and see it killed at `point`."""
    told = connection.settings_dict
    host = f"{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}"
    names = ["SECRET_KEY", "PUBLISHABLE_KEY", "API_BASE", "JS_URL", "CHECKOUT_BASE"]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "shop.settings_test",
        "DATABASE_URL": f"postgres://{host}/{told['NAME']}",
        "SHOP_FAULTS": f"{point}:kill",
        "SHOP_STRIPE_WEBHOOK_SECRETS": "whsec_simulated",
        **{f"SHOP_STRIPE_{name}": getattr(settings, f"SHOP_STRIPE_{name}") for name in names},
    }
    names_of = (
        "from orders.models import *; from orders.paying import *; from orders.submitting import submit"
    )
    program = f"import django; django.setup(); {names_of}; {code}"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=django_settings.BASE_DIR,
        env=environment,
        timeout=60,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def intents():
    from checkout.gateways.stripe_client import client

    return client().v1.payment_intents.list({"limit": 100}).data


def test_killed_after_stripe_made_the_intent(stripe, settings):
    """B12: nothing of it is noted; the sweep finds it, and paying goes on with it."""
    order = place({mug(): 1})
    dies_at("stripe.after", f"start_payment(Order.objects.get(pk={order.pk}))", settings)
    attempt = order.attempts.get()
    assert (attempt.status, attempt.provider_ref, len(intents())) == ("new", None, 1)

    PaymentAttempt.objects.update(next_check_at=Now() - timedelta(seconds=1))
    settle_due()

    attempt.refresh_from_db()
    assert attempt.provider_ref == intents()[0].id
    assert start_payment(order).attempt == attempt and len(intents()) == 1
    settle(pay(order))
    assert Order.objects.get(pk=order.pk).payment_status == "paid"


def test_killed_and_pressed_again_before_any_sweep(stripe, settings):
    order = place({mug(): 1})
    dies_at("stripe.after", f"start_payment(Order.objects.get(pk={order.pk}))", settings)

    assert start_payment(order).client_secret
    assert len(intents()) == 1 and order.attempts.count() == 1


def test_killed_before_settling_was_written(stripe, settings):
    order = place({mug(): 1})
    attempt = pay(order)
    dies_at("settle.before_commit", f"settle(PaymentAttempt.objects.get(pk={attempt.pk}))", settings)
    assert Order.objects.get(pk=order.pk).status == "placed" and order.journal.count() == 1

    settle(attempt)
    assert Order.objects.get(pk=order.pk).payment_status == "paid"


def test_killed_after_settling_was_written(stripe, settings):
    """The mail and the emptied cart come all the same, once."""
    from shop.core.models import Message

    order = place({mug(): 1})
    attempt = pay(order)
    dies_at("settle.after_commit", f"settle(PaymentAttempt.objects.get(pk={attempt.pk}))", settings)
    assert order.checkout.cart.lines.count() == 1

    deliver_due()
    deliver_due()

    assert order.checkout.cart.lines.count() == 0
    assert [one.name for one in Message.objects.all()] == ["receipt"]


def test_killed_after_stripe_paid_back(stripe, settings):
    """D06: one refund, whoever asks again."""
    order = make_order(at="paid")
    (made,) = refund(order, amount_minor=1000, reason="")
    dies_at("refund.after_call", f"submit(Refund.objects.get(pk={made.pk}))", settings)
    assert Refund.objects.get().status == "submitted"

    Refund.objects.update(next_check_at=Now() - timedelta(seconds=1))
    settle_due()
    deliver_due()

    made.refresh_from_db()
    assert made.status == "succeeded" and order.refunds.count() == 1
    assert [one.amount for one in _refunds()] == [1000]
    found = integrity.run(["N05", "N06", "N07", "N08", "N09", "N10"])
    assert {code: rows for code, rows in found.items() if rows} == {}


def _refunds():
    from checkout.gateways.stripe_client import client

    return client().v1.refunds.list({"limit": 100}).data
