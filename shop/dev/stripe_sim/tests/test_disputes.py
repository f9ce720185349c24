import pytest
import stripe

from shop.dev.stripe_sim.running import wait_until


def disputed(api, intent):
    return wait_until(lambda: api.disputes.list({"payment_intent": intent.id}).data)[0]


def types(api):
    return [event.type for event in api.events.list({"type": "charge.dispute.*", "limit": 100}).data][::-1]


def test_a_dispute_takes_the_money_and_a_fee_and_blocks_refunds(api, pay):
    intent = pay("pm_card_createDispute")
    dispute = disputed(api, intent)
    assert (dispute.status, dispute.reason, dispute.amount) == ("needs_response", "fraudulent", 1200)
    (entry,) = dispute.balance_transactions
    assert (entry.amount, entry.fee, entry.net) == (-1200, 2000, -3200)
    assert api.charges.retrieve(intent.latest_charge).disputed
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.refunds.create({"payment_intent": intent.id})
    assert refused.value.code == "charge_disputed"
    assert types(api) == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]


@pytest.mark.parametrize("evidence, status", [("winning_evidence", "won"), ("losing_evidence", "lost")])
def test_evidence_decides(api, pay, evidence, status):
    dispute = disputed(api, pay("pm_card_createDisputeProductNotReceived"))
    assert dispute.reason == "product_not_received"
    ended = api.disputes.update(dispute.id, {"evidence": {"uncategorized_text": evidence}})
    assert ended.status == status
    expected = [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.dispute.closed",
    ]
    assert types(api) == expected + (["charge.dispute.funds_reinstated"] if status == "won" else [])
    assert sum(entry.net for entry in ended.balance_transactions) == (-2000 if status == "won" else -3200)
    with pytest.raises(stripe.InvalidRequestError, match="closed"):
        api.disputes.close(dispute.id)


def test_evidence_can_be_kept_back(api, pay):
    dispute = disputed(api, pay("pm_card_createDispute"))
    kept = api.disputes.update(
        dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}, "submit": False}
    )
    assert (kept.status, kept.evidence_details.has_evidence) == ("needs_response", True)


def test_the_shop_can_give_in(api, pay):
    dispute = disputed(api, pay("pm_card_createDispute"))
    assert api.disputes.close(dispute.id).status == "lost"


def test_an_inquiry_moves_no_money_and_may_still_be_refunded(sim, api, pay):
    intent = pay("pm_card_createDisputeInquiry")
    dispute = disputed(api, intent)
    assert (dispute.status, dispute.balance_transactions, dispute.is_charge_refundable) == (
        "warning_needs_response",
        [],
        True,
    )
    assert api.refunds.create({"payment_intent": intent.id, "amount": 200}).status == "succeeded"
    sim.control(f"disputes/{dispute.id}", outcome="escalate")
    assert api.disputes.retrieve(dispute.id).status == "needs_response"
    sim.control(f"disputes/{dispute.id}", outcome="lost")
    assert types(api) == [
        "charge.dispute.created", "charge.dispute.updated", "charge.dispute.funds_withdrawn", "charge.dispute.closed",
    ]  # fmt: skip


def test_an_inquiry_can_simply_end(sim, api, pay):
    dispute = disputed(api, pay("pm_card_createDisputeInquiry"))
    with pytest.raises(ValueError, match="cannot end as won"):
        sim.control(f"disputes/{dispute.id}", outcome="won")
    sim.control(f"disputes/{dispute.id}", outcome="warning_closed")
    assert api.disputes.retrieve(dispute.id).status == "warning_closed"


def test_any_paid_charge_can_be_disputed_once_at_a_time(sim, api, pay):
    charge = pay().latest_charge
    opened = sim.control(f"charges/{charge}/dispute", reason="general", amount=500)
    assert opened["amount"] == 500
    with pytest.raises(ValueError, match="disputed already"):
        sim.control(f"charges/{charge}/dispute")
