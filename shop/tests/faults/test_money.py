"""B01, B07, B12, B24 over HTTP: pressed twice, told ten times, killed in the call to Stripe, without a database."""

import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from catalog.tests.factories import make_variant
from orders.expiring import expire_unpaid
from orders.models import JournalEntry, Order, PaymentAttempt
from orders.reconciling import settle_due
from orders.tests import hooking
from shop.core.models import Delivery, Event, Notice
from shop.tests.faults.buyers import Buyer, Visitor, at_once, number_of
from shop.tests.faults.proxy import Proxy
from shop.tests.faults.servers import database_url, wait_until
from shop.tests.faults.weakening import weaken

pytestmark = pytest.mark.django_db(transaction=True)


def intents(stripe) -> list[dict]:
    from checkout.gateways.stripe_client import client

    return [one.to_dict() for one in client().v1.payment_intents.list({"limit": 100}).data]


def double_click(floor) -> list:
    """Two presses of the same button, from the same browser."""
    buyer, again = floor.buyer(), floor.buyer()
    page = buyer.to_payment({floor.sells(5): 1})
    again.session.cookies.update(buyer.session.cookies)
    return at_once([lambda: buyer.begin_card(page), lambda: again.begin_card(page)])


def test_b01_a_double_click_is_one_order_and_one_charge(floor, stripe):
    first, second = double_click(floor)

    assert (first.status, second.status) == (200, 200)
    assert first.json == second.json and first.json["client_secret"]
    assert Order.objects.count() == Event.objects.filter(name="order.placed").count() == 1
    assert len(intents(stripe)) == 1


def test_b01_control_without_the_checkouts_lock_it_fails(floor, books, stripe, monkeypatch):
    books.are_broken_on_purpose()
    weaken("checkout-lock", put=monkeypatch.setattr)
    assert {page.status for page in double_click(floor)} != {200}


@contextmanager
def without_unique():
    """The table's own UNIQUE is dropped; it comes back, on an empty table."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_notice DROP CONSTRAINT notice_once")
        yield
        cursor.execute("TRUNCATE core_notice CASCADE")
        cursor.execute("ALTER TABLE core_notice ADD CONSTRAINT notice_once UNIQUE (provider, external_id)")


def told_ten_times(floor, stripe, deliver) -> tuple[list[int], Order]:
    """Stripe tells of one payment ten times, four at once; workers do what follows."""
    buyer = floor.buyer()
    buyer.confirm_card(buyer.begin_card(buyer.to_payment({floor.sells(5): 1}))).raise_for_status()
    intent = intents(stripe)[0]
    body = hooking.json.dumps(hooking.event(data={"object": intent}))
    signed = {"Stripe_Signature": hooking.sign(body, stripe.webhook_secret, int(time.time()))}

    def tell():
        return Visitor(floor.url).post(hooking.URL, body, Content_Type="application/json", **signed).status

    statuses = [status for _round in range(2) for status in at_once([tell] * 4)] + [tell(), tell()]
    deliver()
    return statuses, Order.objects.get()


def test_b07_the_same_event_ten_times_has_one_effect(floor, stripe, deliver, mailoutbox):
    statuses, order = told_ten_times(floor, stripe, deliver)

    assert statuses == [200] * 10
    assert Notice.objects.count() == Event.objects.filter(name="payment_notice.received").count() == 1
    assert order.payment_status == "paid"
    assert order.journal.filter(kind=JournalEntry.Kind.CAPTURED).count() == 1
    assert [mail.to for mail in mailoutbox] == [["ada@example.com"]]


def test_b07_control_without_the_unique_it_is_kept_more_than_once(floor, books, stripe, deliver, monkeypatch):
    books.are_broken_on_purpose()
    weaken("notice-once", put=monkeypatch.setattr)
    with without_unique():
        told_ten_times(floor, stripe, deliver)
        assert Notice.objects.count() > 1


def test_b12_killed_in_the_call_to_stripe_leaves_one_intent_and_one_charge(web, servers, stripe):
    dying = servers.web(workers=1, SHOP_FAULTS="stripe.after:kill", SHOP_URL=web.url)
    returning, gone = Buyer(web.url), Buyer(web.url)
    variant = make_variant(stock=5)
    for buyer in (returning, gone):
        page = buyer.to_payment({variant: 1}, email=f"{'back' if buyer is returning else 'gone'}@example.com")
        buyer.url = dying.url
        with pytest.raises(OSError):
            buyer.begin_card(page)
        buyer.url = web.url
        if buyer is returning:
            kept = page
    assert len(intents(stripe)) == 2
    assert set(PaymentAttempt.objects.values_list("status", "provider_ref")) == {("new", None)}

    again = returning.begin_card(kept)
    returning.confirm_card(again).raise_for_status()
    back = returning.follow(returning.get(again.json["return_url"].removeprefix(web.url)))
    assert back.status == 200
    Order.objects.filter(email="gone@example.com").update(pay_before=Now() - timedelta(seconds=1))
    PaymentAttempt.objects.active().update(next_check_at=Now())
    settle_due()
    expire_unpaid()

    assert sorted(one["status"] for one in intents(stripe)) == ["canceled", "succeeded"]
    assert dict(Order.objects.values_list("email", "status")) == {
        "back@example.com": "confirmed",
        "gone@example.com": "cancelled",
    }


def test_b24_without_a_database_no_webhook_is_answered_200(servers, stripe):
    there = connection.settings_dict
    with Proxy((there["HOST"], int(there["PORT"]))) as proxy:
        web = servers.web(DATABASE_URL=database_url(port=proxy.port))
        body = hooking.json.dumps(hooking.event())
        signed = {"Stripe_Signature": hooking.sign(body, stripe.webhook_secret, int(time.time()))}
        stripe_itself = Visitor(web.url)

        def tell():
            return stripe_itself.post(hooking.URL, body, Content_Type="application/json", **signed).status

        proxy.cut()
        began = time.monotonic()
        assert tell() >= 500
        page = Visitor(web.url).get("/cart/")
        assert time.monotonic() - began < 10
        assert page.status >= 500 and "Your cart is kept" in page.text and "Traceback" not in page.text
        assert Visitor(web.url).get("/health/").status == 503

        proxy.mend()
        wait_until(lambda: tell() == 200, seconds=20)
        assert Notice.objects.get().external_id == "evt_1"
        assert Delivery.objects.filter(event__name="payment_notice.received").count() == 1
        assert number_of(Buyer(web.url).get("/orders/")) == ""
