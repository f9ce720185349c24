import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders import repaying, submitting
from orders.models import JournalEntry, Order, OrderLine, Refund
from orders.refunding import (
    LinePart,
    NothingToRefund,
    TooMuch,
    _part,
    _parts,
    refund,
    refundable,
    shipping_share,
)
from orders.settling import settle
from shop.core.models import Event, Message
from shop.tests.walk import fresh, make_order, mug, pay, place

pytestmark = pytest.mark.django_db
REFUNDS = "/v1/refunds$"


@pytest.fixture
def order(stripe):
    """Three pieces at 10.00 and one at 20.00, delivery 4.90: 54.90, paid by card."""
    return make_order(at="paid", lines={mug(price_minor=1000): 3, mug(price_minor=2000): 1})


def test_the_whole_order_goes_back(order, stripe):
    made = refund(order, reason="changed my mind")
    assert [one.status for one in made] == ["requested"] and made[0].amount_minor == 5490

    order = fresh(order)

    assert (order.payment_status, order.owed_minor, order.paid_minor) == ("refunded", 0, 0)
    assert made_at_stripe(stripe) == [5490]
    assert Refund.objects.get().provider_ref.startswith("re_")
    mail = Message.objects.get(name="refund_made")
    assert "€54.90" in mail.text and "4242" in mail.text


def test_pieces_go_back_to_the_cent_and_the_last_takes_the_rest(order):
    tens = order.lines.get(quantity=3)
    OrderLine.objects.filter(pk=tens.pk).update(total_minor=1000, tax_minor=167)  # 3 for 10.00

    parts = []
    for _piece in range(3):
        (made,) = refund(order, lines={tens.pk: 1}, reason="", by=None)
        parts.append((made.amount_minor, made.lines.get().tax_minor))

    assert [amount for amount, _tax in parts] == [333, 333, 334]
    assert sum(tax for _amount, tax in parts) == 167
    with pytest.raises(TooMuch):
        refund(order, lines={tens.pk: 1}, reason="")


@given(
    total=st.integers(1, 99_999), quantity=st.integers(1, 30), cuts=st.lists(st.integers(1, 30), max_size=10)
)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_however_a_line_is_cut_its_parts_add_up(total, quantity, cuts):
    line = OrderLine(quantity=quantity, total_minor=total, tax_minor=total // 6)
    before = LinePart(0, 0, 0)
    for pieces in [*cuts, quantity]:
        pieces = min(pieces, quantity - before.quantity)
        if pieces:
            part = _part(line, Order(prices_include_tax=True), pieces, before=before)
            assert part.amount_minor >= 0 and part.tax_minor >= 0
            before = LinePart(
                before.quantity + pieces,
                before.amount_minor + part.amount_minor,
                before.tax_minor + part.tax_minor,
            )
    assert (before.amount_minor, before.tax_minor) == (total, total // 6)


@pytest.mark.parametrize("count", [2, 12])
def test_an_order_of_many_lines_costs_no_more_queries_than_one_of_two(
    stripe, django_assert_num_queries, count
):
    order = make_order(at="paid", lines={mug(price_minor=1000, weight_g=10): 3 for _ in range(count)})
    pieces = {line.pk: 1 for line in order.lines.all()}
    refund(order, lines=pieces, reason="")
    with django_assert_num_queries(6):
        left = refundable(order)
    assert left.lines == dict.fromkeys(pieces, 2) and left.amount_minor == order.total_minor - 1000 * count
    parts, lines = dict.fromkeys(pieces, 2), list(order.lines.all())
    with django_assert_num_queries(2):
        assert [part.quantity for part in _parts(order, parts, left).values()] == [2] * len(lines)


def test_delivery_goes_back_in_its_share_of_the_value(order):
    twenty = order.lines.get(quantity=1)
    tens = order.lines.get(quantity=3)
    assert shipping_share(order, lines={twenty.pk: 1}) == 196  # 490 × 20/50

    refund(order, lines={twenty.pk: 1}, shipping_minor=196, reason="")
    assert refundable(order).shipping_minor == 294
    assert shipping_share(order, lines={tens.pk: 3}) == 294
    with pytest.raises(TooMuch):
        refund(order, lines={tens.pk: 1}, shipping_minor=295, reason="")


def test_any_sum_goes_back_and_the_rest_stays_paid(order):
    refund(order, amount_minor=490, reason="late")
    order = fresh(order)
    assert (order.payment_status, order.owed_minor, order.paid_minor) == ("partially_refunded", 5000, 5000)
    assert order.journal.get(kind=JournalEntry.Kind.ALLOWANCE).owed_minor == -490


def test_never_more_than_was_paid_counting_what_is_under_way(order):
    refund(order, amount_minor=5000, reason="")
    for amount in (491, 5490):
        with pytest.raises(TooMuch):
            refund(order, amount_minor=amount, reason="")
    for amount in (0, -5):
        with pytest.raises(NothingToRefund):
            refund(order, amount_minor=amount, reason="")
    refund(order, amount_minor=490, reason="")
    with pytest.raises(NothingToRefund):
        refund(order, reason="")
    assert sum(Refund.objects.values_list("amount_minor", flat=True)) == 5490


def test_the_same_cause_refunds_once(order):
    first = refund(order, amount_minor=1000, cause="return:7", reason="")
    assert refund(order, amount_minor=1000, cause="return:7", reason="") == first
    assert order.journal.get(kind=JournalEntry.Kind.RETURNED).owed_minor == -1000


def test_nothing_goes_back_that_was_not_paid(stripe):
    with pytest.raises(NothingToRefund):
        refund(make_order(at="cod"), reason="")


def test_an_answer_that_got_lost_is_looked_up_and_not_asked_for_again(order, stripe, settings):
    """D06: the call timed out after Stripe accepted it."""
    settings.SHOP_STRIPE_MAX_NETWORK_RETRIES = 0
    (made,) = refund(order, amount_minor=1000, reason="")
    stripe.control("faults", mode="reset", when="after", path=REFUNDS)

    assert submitting.submit(made).status == Refund.Status.REQUESTED  # as read before the call
    made.refresh_from_db()
    assert made.status == Refund.Status.SUBMITTED and made.next_check_at
    asked = len(stripe.requests(method="POST", path="/v1/refunds"))

    assert submitting.submit(made).status == Refund.Status.SUCCEEDED
    assert len(stripe.requests(method="POST", path="/v1/refunds")) == asked
    assert made_at_stripe(stripe) == [1000]


def test_stripe_saying_no_leaves_the_money_owed_and_a_person_to_look(order, stripe):
    from checkout.gateways.stripe_client import client

    attempt = order.attempts.get()
    (made,) = refund(order, reason="")
    client().v1.refunds.create(
        {"payment_intent": attempt.provider_ref, "amount": 5490}
    )  # somebody was faster

    submitting.submit(made)
    order = Order.objects.get()
    made.refresh_from_db()

    assert made.status == Refund.Status.FAILED and made.error == "charge_already_refunded"
    assert order.due_minor == -5490 and "refund failed" in order.needs_review


def test_a_refund_that_comes_back_days_later_is_owed_again(order, stripe):
    (made,) = refund(order, amount_minor=1000, reason="")
    order = fresh(order)
    assert order.paid_minor == 4490
    stripe.control(f"refunds/{Refund.objects.get().provider_ref}", status="failed")

    settle(order.attempts.get())
    order = fresh(order)
    made.refresh_from_db()

    assert made.status == Refund.Status.FAILED
    assert (order.paid_minor, order.owed_minor, order.due_minor) == (5490, 4490, -1000)
    assert order.needs_review and Event.objects.filter(name="refund.failed").exists()

    (again,) = submitting.again(made, by=None)
    order = fresh(order)
    again.refresh_from_db()
    assert again.status == Refund.Status.SUCCEEDED and order.due_minor == 0
    assert submitting.again(made, by=None) == [again]


def test_a_pending_refund_is_booked_when_it_arrives(stripe):
    order = place({mug(price_minor=1000): 1})
    settle(pay(order, method="pm_card_pendingRefund"))
    refund(order, amount_minor=500, reason="")
    order = fresh(order)
    made = Refund.objects.get()
    assert made.status == Refund.Status.PENDING and order.payment_status == "paid"

    stripe.control(f"refunds/{made.provider_ref}", status="succeeded")
    submitting.submit(made)

    assert fresh(order).payment_status == "partially_refunded"


def test_a_refund_from_the_dashboard_is_booked_and_our_button_offers_the_rest(order, stripe):
    """D07."""
    charge = charge_of(order)
    stripe.control(f"charges/{charge}/refund", amount=1500)

    settle(order.attempts.get())
    order = fresh(order)

    assert (order.paid_minor, order.due_minor, order.payment_status) == (3990, 0, "partially_refunded")
    assert refundable(order).amount_minor == 3990
    assert Refund.objects.get().cause.startswith("outside:")
    settle(order.attempts.get())
    assert Refund.objects.count() == 1


def test_a_dashboard_refund_pays_a_credit_that_stands_already(order, stripe):
    """What a failed refund of ours left owed is paid by hand: nothing more is taken off the order."""
    refund(order, amount_minor=1000, reason="")
    fresh(order)
    stripe.control(f"refunds/{Refund.objects.get().provider_ref}", status="failed")
    settle(order.attempts.get())
    assert repaying.credit(Order.objects.get()) == 1000

    stripe.control(f"charges/{charge_of(order)}/refund", amount=1000)
    settle(order.attempts.get())

    order = fresh(order)
    assert (order.owed_minor, order.paid_minor, order.due_minor) == (4490, 4490, 0)


def test_cash_goes_back_when_somebody_has_paid_it_out():
    from shop.tests.people import grace

    order = make_order(at="collected")
    (made,) = refund(order, amount_minor=500, reason="scratched", by=grace())
    order = fresh(order)
    made.refresh_from_db()
    assert made.status == Refund.Status.PENDING and order.payment_status == "paid"

    submitting.record_payout(made, by=grace())
    submitting.record_payout(made, by=grace())

    assert fresh(order).payment_status == "partially_refunded"
    assert order.journal.filter(kind=JournalEntry.Kind.REFUNDED).count() == 1


def made_at_stripe(stripe):
    from checkout.gateways.stripe_client import client

    return [one.amount for one in client().v1.refunds.list({"limit": 100}).data]


def charge_of(order):
    from checkout.gateways.stripe_client import client

    return client().v1.payment_intents.retrieve(order.attempts.get().provider_ref).latest_charge
