"""Disputes: a bank takes the money back, and a fee with it, until the shop proves its case. An inquiry only asks.

Test evidence decides as with Stripe: `uncategorized_text` of `winning_evidence` wins, `losing_evidence` loses.
"""

from typing import Any

from shop.dev.stripe_sim import balance, charges, lists
from shop.dev.stripe_sim.checks import merged_metadata
from shop.dev.stripe_sim.errors import ApiError, missing
from shop.dev.stripe_sim.events import emit
from shop.dev.stripe_sim.ids import new_id
from shop.dev.stripe_sim.methods import card_of
from shop.dev.stripe_sim.methods import get as method_of
from shop.dev.stripe_sim.sim import DAY, Sim

OPEN = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")
EVIDENCE_FIELDS = (
    "access_activity_log billing_address cancellation_policy cancellation_policy_disclosure cancellation_rebuttal "
    "customer_communication customer_email_address customer_name customer_purchase_ip customer_signature "
    "duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id product_description receipt "
    "refund_policy refund_policy_disclosure refund_refusal_explanation service_date service_documentation shipping_address "
    "shipping_carrier shipping_date shipping_documentation shipping_tracking_number uncategorized_file uncategorized_text"
)
EVIDENCE = EVIDENCE_FIELDS.split()
NETWORK_CODES = {"fraudulent": "10.4", "product_not_received": "13.1", "general": "13.3"}


def open_for(sim: Sim, charge_id: str) -> None:
    """What the charge's test card or IBAN brings by itself."""
    charge = charges.get(sim, charge_id)
    card = card_of(method_of(sim, charge["payment_method"]))
    reason = (card.dispute if card else "general") or "fraudulent"
    inquiry = reason == "inquiry"
    open_dispute(sim, charge, reason="general" if inquiry else reason, inquiry=inquiry)


def open_dispute(
    sim: Sim, charge: dict, *, reason: str = "fraudulent", amount: int | None = None, inquiry: bool = False
) -> dict:
    left = charge["amount_captured"] - charge["amount_refunded"]
    if charge["status"] != "succeeded" or not charge["captured"] or left <= 0:
        raise ApiError(f"Charge {charge['id']} has no money left that could be disputed.")
    if any(dispute["status"] in OPEN for dispute in sim.store.find("dispute", charge=charge["id"])):
        raise ApiError(f"Charge {charge['id']} is disputed already.")
    dispute = sim.store.add(
        _facts(sim, charge, reason=reason, amount=min(amount or left, left), inquiry=inquiry)
    )
    charge["disputed"] = True
    sim.store.save(charge)
    if not inquiry:
        _withdraw(sim, dispute)
    emit(sim, "charge.dispute.created", dispute)
    if not inquiry:
        emit(sim, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def _facts(sim: Sim, charge: dict, *, reason: str, amount: int, inquiry: bool) -> dict:
    kind = charge["payment_method_details"]["type"]
    details: dict[str, Any] = {"type": kind, kind: {}}
    if kind == "card":
        brand = charge["payment_method_details"]["card"]["brand"]
        details["card"] = {"brand": brand, "case_type": "inquiry" if inquiry else "chargeback"}
        details["card"] |= {"network": brand, "network_reason_code": NETWORK_CODES.get(reason, "13.3")}
    return {
        "id": new_id("dispute"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": sim.now(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": dict.fromkeys(EVIDENCE) | {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": sim.now() + 7 * DAY,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": inquiry,
        "livemode": False,
        "metadata": {},
        "network_reason_code": NETWORK_CODES.get(reason, "13.3"),
        "payment_intent": charge["payment_intent"],
        "payment_method_details": details,
        "reason": reason,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }


def _withdraw(sim: Sim, dispute: dict) -> None:
    fee = sim.option("dispute_fee")
    words = f"Chargeback withdrawal for {dispute['charge']}"
    entry = balance.balance_transaction(
        sim, "adjustment", -dispute["amount"], fee=fee, source=dispute, category="dispute", words=words
    )
    dispute["balance_transactions"].append(entry)
    sim.store.save(dispute)


def escalate(sim: Sim, dispute: dict) -> dict:
    """An inquiry that nobody settled becomes a dispute, and takes the money."""
    if not dispute["status"].startswith("warning_") or dispute["status"] == "warning_closed":
        raise ApiError(f"Only an open inquiry can be escalated; this one is {dispute['status']}.")
    before = {"status": dispute["status"]}
    dispute |= {"status": "needs_response", "is_charge_refundable": False}
    _withdraw(sim, dispute)
    emit(sim, "charge.dispute.updated", dispute, previous=before)
    emit(sim, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def finish(sim: Sim, dispute: dict, *, outcome: str) -> dict:
    """`won`: the money comes back, the fee does not. `lost`: it stays gone. `warning_closed`: an inquiry that ended."""
    if dispute["status"] not in OPEN:
        raise ApiError(f"This dispute is already closed as {dispute['status']}.")
    if (outcome == "warning_closed") != dispute["status"].startswith("warning_"):
        raise ApiError(f"A dispute that is {dispute['status']} cannot end as {outcome}.")
    before = {"status": dispute["status"]}
    dispute["status"] = outcome
    if outcome == "won":
        words = f"Chargeback reversal for {dispute['charge']}"
        entry = balance.balance_transaction(
            sim,
            "adjustment",
            dispute["amount"],
            fee=0,
            source=dispute,
            category="dispute_reversal",
            words=words,
        )
        dispute["balance_transactions"].append(entry)
    sim.store.save(dispute)
    emit(sim, "charge.dispute.closed", dispute, previous=before)
    if outcome == "won":
        emit(sim, "charge.dispute.funds_reinstated", dispute)
    return dispute


def get(sim: Sim, dispute_id: str) -> dict:
    dispute = sim.store.get("dispute", dispute_id)
    if not dispute:
        raise missing("dispute", dispute_id, param="dispute")
    return dispute


def retrieve(sim: Sim, params: dict, dispute_id: str) -> dict:
    return get(sim, dispute_id)


def update(sim: Sim, params: dict, dispute_id: str) -> dict:
    dispute = get(sim, dispute_id)
    if dispute["status"] not in OPEN:
        raise ApiError("This dispute is already closed.")
    before = {"evidence": dict(dispute["evidence"]), "status": dispute["status"]}
    if "metadata" in params:
        dispute["metadata"] = merged_metadata(dispute["metadata"], params["metadata"])
    given = {name: value or None for name, value in (params.get("evidence") or {}).items()}
    dispute["evidence"] |= given
    dispute["evidence_details"]["has_evidence"] = any(dispute["evidence"][name] for name in EVIDENCE)
    submits = bool(given) and params.get("submit", True)
    if submits:
        dispute["evidence_details"]["submission_count"] += 1
        dispute["evidence_details"]["submission_method"] = "manual"
        inquiry = dispute["status"].startswith("warning_")
        dispute["status"] = "warning_under_review" if inquiry else "under_review"
    emit(sim, "charge.dispute.updated", sim.store.save(dispute), previous=before)
    if submits:
        _judge(sim, dispute)
    return dispute


def _judge(sim: Sim, dispute: dict) -> None:
    text = dispute["evidence"]["uncategorized_text"]
    inquiry = dispute["status"].startswith("warning_")
    if text == "winning_evidence":
        finish(sim, dispute, outcome="warning_closed" if inquiry else "won")
    elif text == "losing_evidence" and not inquiry:
        finish(sim, dispute, outcome="lost")


def close(sim: Sim, params: dict, dispute_id: str) -> dict:
    """The shop gives in."""
    dispute = get(sim, dispute_id)
    return finish(
        sim, dispute, outcome="warning_closed" if dispute["status"].startswith("warning_") else "lost"
    )


def listed(sim: Sim, params: dict) -> dict:
    return lists.page(sim, "dispute", params, url="/v1/disputes", filters=("charge", "payment_intent"))
