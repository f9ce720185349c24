"""Gift cards and store credit beside the chosen means of payment: taken when placed, given back once, split when refunded."""

import threading

import pytest
from django.db.models.functions import Now

from checkout import gift_cards, purses, store_credit, tendering
from checkout.models import GiftCard
from checkout.quoting import quote
from checkout.tests.factories import make_card, make_checkout
from orders import cancelling, expiring, mails, paying, refunding, showing, tendered
from orders.models import JournalEntry, Order, PaymentAttempt, Refund
from orders.placing import PriceChanged, place_order
from orders.tests.test_races import at_once
from shop.core import integrity
from shop.core.outbox import deliver_due
from shop.tests.people import ada, eve, grace
from shop.tests.walk import CARD, COD, fresh, mug, pay

pytestmark = pytest.mark.django_db


def filled(*, codes=(), credit=False, user=None, lines=None, **over):
    """A checkout of 29.00 + 4.90 that means to pay with these."""
    checkout = make_checkout(lines or {mug(): 1}, user=user, **over)
    for code in codes:
        tendering.add_card(checkout, code=code)
    if credit:
        tendering.use_credit(checkout, wanted=True)
    checkout.refresh_from_db()
    return checkout


def place(checkout, *, gateway=CARD, fingerprint=None):
    seen = fingerprint or quote(checkout).fingerprint
    return place_order(checkout, gateway=gateway, fingerprint=seen, terms_version=None)


def on(purse) -> int:
    purse.refresh_from_db()
    return purse.balance_minor


def healthy():
    return not any(integrity.run(["N05", "N06", "N07", "N08", "N09", "N10", "N12", "N14", "N16"]).values())


def expire(order):
    Order.objects.filter(pk=order.pk).update(pay_before=Now())
    expiring.expire_unpaid()
    return fresh(order)


def test_cards_pay_first_then_credit_and_the_rest_is_due():
    store_credit.grant(ada(), amount_minor=500, currency="EUR", reason="Sorry", by=grace())
    (first, one), (_second, two) = make_card(amount_minor=1000), make_card(amount_minor=700)
    found = quote(filled(codes=[one, two], credit=True, user=ada()))

    assert [(tender.kind, tender.amount_minor, tender.left_minor) for tender in found.tenders] == [
        ("gift_card", 1000, 0),
        ("gift_card", 700, 0),
        ("store_credit", 500, 0),
    ]
    assert (found.total_minor, found.due_minor) == (3390, 1190)
    assert found.tax_minor == 565 and found.tenders[0].label.endswith(first.last_four)
    assert found.steps[-1] == "due = 11.90 EUR"


def test_a_card_pays_no_more_than_the_order_costs():
    card, code = make_card(amount_minor=10_000)
    found = quote(filled(codes=[code, code]))
    assert found.due_minor == 0 and [tender.left_minor for tender in found.tenders] == [10_000 - 3390]
    assert on(card) == 10_000


def test_what_is_seen_covers_the_tenders():
    _card, code = make_card(amount_minor=1000)
    checkout = filled()
    seen = quote(checkout).fingerprint
    tendering.add_card(checkout, code=code)
    with pytest.raises(PriceChanged) as refusal:
        place(checkout, fingerprint=seen)
    assert "€23.90" in refusal.value.message


@pytest.mark.parametrize("why", ["unknown", "blocked", "empty", "dollars"])
def test_a_code_that_cannot_pay_is_refused(why):
    card, code = make_card(currency="USD" if why == "dollars" else "EUR")
    if why == "blocked":
        gift_cards.block(card, by=grace())
    if why == "empty":
        purses.adjust(card, amount_minor=-5000, reason="Empty", by=grace())
    checkout = filled()
    with pytest.raises(tendering.CardNotAccepted):
        tendering.add_card(checkout, code="AAAA-CCCC-DDDD-EEEE-FFFF" if why == "unknown" else code)
    assert not checkout.gift_cards.exists()


def test_a_card_that_was_blocked_meanwhile_no_longer_counts():
    card, code = make_card(amount_minor=1000)
    checkout = filled(codes=[code])
    seen = quote(checkout).fingerprint
    gift_cards.block(card, by=grace())
    with pytest.raises(PriceChanged):
        place(checkout, fingerprint=seen)
    assert quote(checkout).due_minor == 3390


def test_store_credit_is_its_owners():
    store_credit.grant(ada(), amount_minor=500, currency="EUR", reason="Sorry", by=grace())
    assert quote(filled(credit=True, user=eve())).tenders == ()
    assert quote(filled(credit=True, email="ada@example.com")).tenders == ()


def test_placing_takes_from_the_card_and_asks_the_gateway_for_the_rest(stripe):
    card, code = make_card(amount_minor=1000)
    order = place(filled(codes=[code]))

    taken = order.attempts.get()
    assert (taken.status, taken.amount_minor, taken.purse) == ("captured", 1000, card.reference)
    assert (order.paid_minor, order.due_minor, order.payment_status) == (1000, 2390, "unpaid")
    assert on(card) == 0 and card.entries.last().reference == f"capture:{taken.uuid}" and healthy()

    attempt = paying.settle(pay(order))
    order = fresh(order)
    assert attempt.amount_minor == 2390
    assert (order.status, order.payment_status, order.due_minor) == ("confirmed", "paid", 0)
    assert showing.means(order) == f"{card.label}, Visa •••• 4242" and healthy()


def test_all_covered_needs_no_gateway():
    card, code = make_card(amount_minor=5000)
    checkout = filled(codes=[code])
    order = fresh(place(checkout, gateway="nothing_to_pay"))

    assert (order.status, order.payment_status, order.due_minor) == ("confirmed", "paid", 0)
    assert [entry.kind for entry in order.journal.all()] == ["placed", "captured"]
    assert (
        on(card) == 1610 and showing.means(order) == card.label and showing.has_receipt(order) and healthy()
    )


def test_cash_on_delivery_collects_the_rest():
    _card, code = make_card(amount_minor=1000)
    order = fresh(place(filled(codes=[code]), gateway=COD))
    assert order.attempts.get(status="promised").amount_minor == 2390
    assert order.payment_status == "unpaid" and healthy()

    order = paying.record_cash(order, by=grace())
    assert (order.payment_status, order.due_minor) == ("paid", 0) and healthy()


def test_an_order_that_nobody_pays_gives_back_once(stripe):
    card, code = make_card(amount_minor=1000)
    store_credit.grant(ada(), amount_minor=500, currency="EUR", reason="Sorry", by=grace())
    order = place(filled(codes=[code], credit=True, user=ada()))
    assert (on(card), order.due_minor) == (0, 1890)

    order = expire(order)
    expire(order)
    for refund in order.refunds.all():
        Refund.objects.filter(pk=refund.pk).update(next_check_at=Now())
    deliver_due()

    assert order.status == "cancelled" and on(card) == 1000
    assert store_credit.credit_of(ada(), currency="EUR").balance_minor == 500
    assert {refund.status for refund in order.refunds.all()} == {"succeeded"} and order.refunds.count() == 2
    assert not showing.has_receipt(order) and healthy()


def test_money_that_comes_after_the_card_got_its_part_back_goes_back(stripe):
    card, code = make_card(amount_minor=1000)
    order = place(filled(codes=[code]))
    attempt = pay(order)
    PaymentAttempt.objects.filter(pk=attempt.pk).update(status="canceled")
    expire(order)

    paying.settle(attempt)
    order = fresh(order)
    assert order.status == "cancelled" and on(card) == 1000
    assert (order.paid_minor, order.refunds.filter(status="succeeded").count()) == (0, 2) and healthy()


def test_cancelling_gives_back_by_each_way(stripe):
    card, code = make_card(amount_minor=1000)
    order = place(filled(codes=[code]))
    paying.settle(pay(order))
    cancelling.cancel_order(fresh(order), reason="Not wanted", by=grace())

    order = fresh(order)
    back = {refund.attempt.gateway: refund.amount_minor for refund in order.refunds.all()}
    assert back == {"stripe": 2390, "gift_card": 1000} and on(card) == 1000
    assert order.payment_status == "refunded" and healthy()


def test_a_refund_goes_to_the_processor_first_and_never_beyond_what_was_paid(stripe):
    card, code = make_card(amount_minor=1000)
    order = place(filled(codes=[code]))
    paying.settle(pay(order))

    refunding.refund(order, amount_minor=2000, reason="A dent", by=grace())
    assert on(card) == 0
    refunding.refund(order, amount_minor=1000, reason="Another", by=grace())
    order = fresh(order)
    parts = [(refund.attempt.gateway, refund.amount_minor) for refund in order.refunds.all()]
    assert parts == [("stripe", 2000), ("stripe", 390), ("gift_card", 610)] and on(card) == 610
    with pytest.raises(refunding.TooMuch):
        refunding.refund(order, amount_minor=391, reason="Too much", by=grace())
    assert order.payment_status == "partially_refunded" and healthy()


def test_staff_may_give_it_as_store_credit():
    order = place(filled(user=ada()), gateway=COD)
    paying.record_cash(order, by=grace())
    refunding.refund(fresh(order), amount_minor=900, reason="A dent", as_credit=True, by=grace())

    order = fresh(order)
    assert order.refunds.get().status == "succeeded"
    assert store_credit.credit_of(ada(), currency="EUR").balance_minor == 900
    assert order.paid_minor == 2490 and healthy()
    assert "store credit" in mails.refund(order.refunds.get()).text


def test_store_credit_needs_an_account():
    order = place(filled(), gateway=COD)
    paying.record_cash(order, by=grace())
    with pytest.raises(tendered.NoAccount):
        refunding.refund(fresh(order), amount_minor=900, reason="A dent", as_credit=True, by=grace())
    assert not Refund.objects.exists()


def test_the_check_sees_what_only_one_side_knows():
    card, _code = make_card()
    purses.spend(card, amount_minor=100, currency="EUR", reference="capture:nobody", about="NONE")
    assert any("capture:nobody" in sentence for sentence in integrity.run(["N16-tenders"])["N16-tenders"])


# --- H08: one card in several orders at once ---


def both_at_once(monkeypatch):
    """Two checkouts that mean to pay with the same card; each has seen the quote before the other has paid."""
    card, code = make_card(amount_minor=4000)
    checkouts = [filled(codes=[code]), filled(codes=[code])]
    seen = [quote(checkout).fingerprint for checkout in checkouts]
    meet = threading.Barrier(2)
    real = purses._locked

    def later(purse):
        """Both have quoted and come for the card now."""
        if purse.KIND == "gift_card":
            meet.wait(timeout=10)
        return real(purse)

    monkeypatch.setattr(purses, "_locked", later)

    def press(number):
        return lambda: place(checkouts[number], gateway="nothing_to_pay", fingerprint=seen[number])

    return card, at_once(press(0), press(1))


@pytest.mark.django_db(transaction=True)
def test_two_orders_at_once_spend_a_card_once(monkeypatch):
    card, results = both_at_once(monkeypatch)
    assert sorted(type(one).__name__ for one in results) == ["NotEnough", "Order"]
    assert Order.objects.count() == 1 and on(card) == 610 and healthy()


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_only_the_database_stops_the_second(monkeypatch):
    monkeypatch.setattr(purses, "lock", lambda queryset: queryset)
    _card, results = both_at_once(monkeypatch)
    assert "IntegrityError" in {type(one).__name__ for one in results}
    assert (
        GiftCard.objects.get().balance_minor == 610
        and JournalEntry.objects.filter(kind="captured").count() == 1
    )
