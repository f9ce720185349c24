import pytest
import stripe

from shop.dev.stripe_sim.running import wait_until


def test_a_refund_in_parts_to_the_cent_and_not_a_cent_more(api, pay):
    intent = pay()
    first = api.refunds.create({"payment_intent": intent.id, "amount": 500, "metadata": {"refund": "r1"}})
    assert (first.status, first.amount, first.charge) == ("succeeded", 500, intent.latest_charge)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.refunds.create({"payment_intent": intent.id, "amount": 701})
    assert (
        refused.value.user_message
        == "Refund amount (€7.01) is greater than unrefunded amount on charge (€7.00)"
    )
    assert refused.value.param == "amount"
    api.refunds.create({"charge": intent.latest_charge})
    charge = api.charges.retrieve(intent.latest_charge, {"expand": ["refunds"]})
    assert (charge.amount_refunded, charge.refunded, len(charge.refunds.data)) == (1200, True, 2)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.refunds.create({"payment_intent": intent.id})
    assert refused.value.code == "charge_already_refunded"
    assert [refund.amount for refund in api.refunds.list({"payment_intent": intent.id}).data] == [700, 500]


def test_more_than_was_charged_is_refused_from_the_start(api, pay):
    with pytest.raises(
        stripe.InvalidRequestError, match=r"\(€12.01\) is greater than charge amount \(€12.00\)"
    ):
        api.refunds.create({"payment_intent": pay().id, "amount": 1201})


@pytest.mark.parametrize("method", [None, "pm_card_authenticationRequired"])
def test_what_was_not_paid_cannot_be_refunded(api, pay, method):
    intent = pay(method) if method else pay(capture_method="manual")
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge to refund"):
        api.refunds.create({"payment_intent": intent.id})


def test_a_refund_needs_something_to_refund(api):
    with pytest.raises(stripe.InvalidRequestError, match="payment_intent or charge"):
        api.refunds.create({"amount": 100})


def test_a_refund_can_be_pending_first(sim, api, pay):
    sim.control("settings", async_seconds=600)
    refund = api.refunds.create({"payment_intent": pay("pm_card_pendingRefund").id})
    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    sim.control("clock", advance=601)
    assert api.refunds.retrieve(refund.id).status == "succeeded"
    changed = api.events.list({"types": ["refund.updated"]}).data[0]
    assert changed.data.previous_attributes["status"] == "pending"


def test_a_refund_can_fail_long_after_it_succeeded_and_its_amount_is_owed_again(sim, api, pay):
    sim.control("settings", async_seconds=600)
    intent = pay("pm_card_refundFail")
    refund = api.refunds.create({"payment_intent": intent.id})
    assert refund.status == "succeeded"
    sim.control("clock", advance=601)
    refund = api.refunds.retrieve(refund.id)
    assert (refund.status, refund.failure_reason) == ("failed", "expired_or_canceled_card")
    assert api.charges.retrieve(intent.latest_charge).amount_refunded == 0
    assert "refund.failed" in [event.type for event in api.events.list().data]
    assert api.refunds.create({"payment_intent": intent.id, "amount": 1200}).id != refund.id


def test_a_refund_from_the_dashboard_carries_no_trace_of_a_request(sim, api, pay):
    intent = pay()
    sim.control(f"charges/{intent.latest_charge}/refund", amount=300)
    (refund,) = api.refunds.list({"payment_intent": intent.id}).data
    assert (refund.amount, refund.metadata.to_dict()) == (300, {})
    event = api.events.list({"type": "refund.created"}).data[0]
    assert (event.request.id, event.request.idempotency_key) == (None, None)


def test_the_outcome_of_a_refund_can_be_set(sim, api, pay):
    sim.control("settings", refund_outcome="pending", async_seconds=600)
    first, second = pay(), pay()
    ids = [api.refunds.create({"payment_intent": intent.id}).id for intent in (first, second)]
    sim.control(f"refunds/{ids[0]}", status="succeeded")
    sim.control(f"refunds/{ids[1]}", status="failed", reason="lost_or_stolen_card")
    assert [api.refunds.retrieve(one).status for one in ids] == ["succeeded", "failed"]
    assert api.refunds.retrieve(ids[1]).failure_reason == "lost_or_stolen_card"
    with pytest.raises(ValueError, match="resource_missing"):
        sim.control("refunds/re_none", status="failed")


def test_a_card_refund_cannot_be_canceled(api, pay):
    refund = api.refunds.create({"payment_intent": pay().id})
    with pytest.raises(stripe.InvalidRequestError, match="requires_action may be canceled"):
        api.refunds.cancel(refund.id)


def test_giving_up_a_hold_shows_as_a_refund_that_moved_no_money(api, pay):
    intent = pay(capture_method="manual")
    api.payment_intents.cancel(intent.id)
    (refund,) = api.refunds.list({"payment_intent": intent.id}).data
    assert (refund.amount, refund.balance_transaction) == (1200, None)


def test_a_refund_takes_its_amount_off_the_balance(api, pay):
    intent = pay(amount=5000, capture_method="automatic")
    refund = api.refunds.create(
        {"payment_intent": intent.id, "amount": 2000, "expand": ["balance_transaction"]}
    )
    assert (refund.balance_transaction.amount, refund.balance_transaction.fee) == (-2000, 0)
    assert [entry.type for entry in api.balance_transactions.list().data] == ["refund", "charge"]


def test_charge_refunded_is_posted(sim, mailbox, api, pay):
    api.refunds.create({"payment_intent": pay().id, "amount": 100})
    wait_until(lambda: sim.flush() and {"refund.created", "charge.refunded"} <= set(mailbox.types()))
