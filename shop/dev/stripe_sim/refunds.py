"""Refunds: never more than what is left of the charge, not while it is disputed; some are pending first, some fail later.

A failed refund gives the amount back to what may be refunded. Stripe's limits are the shop's second line, not its first.
"""

from typing import Any

from shop.dev.stripe_sim import balance, charges, lists
from shop.dev.stripe_sim.checks import merged_metadata
from shop.dev.stripe_sim.errors import ApiError, invalid, missing, missing_reference
from shop.dev.stripe_sim.events import emit
from shop.dev.stripe_sim.ids import new_id, random_text
from shop.dev.stripe_sim.methods import card_of
from shop.dev.stripe_sim.methods import get as method_of
from shop.dev.stripe_sim.money import shown
from shop.dev.stripe_sim.sim import Sim


def create(sim: Sim, params: dict) -> dict:
    charge = _charge_to_refund(sim, params)
    if charge["disputed"] and _money_is_gone(sim, charge):
        raise ApiError(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
        )
    left = charge["amount"] - charge["amount_refunded"]
    if left <= 0:
        raise ApiError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = params.get("amount", left)
    if amount < 1:
        raise invalid(
            "This value must be greater than or equal to 1.", param="amount", code="parameter_invalid_integer"
        )
    if amount > left:
        what = "unrefunded amount on charge" if charge["amount_refunded"] else "charge amount"
        asked, most = shown(amount, charge["currency"]), shown(left, charge["currency"])
        raise ApiError(f"Refund amount ({asked}) is greater than {what} ({most})", param="amount")
    return issue(sim, charge, amount, params)


def _charge_to_refund(sim: Sim, params: dict) -> dict:
    if not params.get("payment_intent") and not params.get("charge"):
        raise invalid(
            "One of the following params should be provided for this request: payment_intent or charge.",
            code="parameter_missing",
        )
    charge_id = params.get("charge")
    if params.get("payment_intent"):
        intent = sim.store.get("payment_intent", params["payment_intent"])
        if not intent:
            raise missing_reference("payment_intent", params["payment_intent"], param="payment_intent")
        charge_id = charge_id or intent["latest_charge"]
    charge = sim.store.get("charge", charge_id) if charge_id else None
    if params.get("charge") and not charge:
        raise missing_reference("charge", params["charge"], param="charge")
    if not charge or charge["status"] != "succeeded" or not charge["captured"]:
        which = params.get("payment_intent") or (charge or {}).get("payment_intent")
        raise ApiError(f"This PaymentIntent ({which}) does not have a successful charge to refund.")
    return charge


def _money_is_gone(sim: Sim, charge: dict) -> bool:
    """An inquiry moves no money: until it turns into a dispute the charge can be refunded."""
    return any(
        not dispute["is_charge_refundable"] for dispute in sim.store.find("dispute", charge=charge["id"])
    )


def issue(sim: Sim, charge: dict, amount: int, params: dict) -> dict:
    card = card_of(method_of(sim, charge["payment_method"]))
    outcome = sim.option("refund_outcome") or (card.refund if card else "pending")
    refund = _make(sim, charge, amount, params, status="pending" if outcome == "pending" else "succeeded")
    words = "REFUND FOR PAYMENT"
    entry = balance.balance_transaction(sim, "refund", -amount, fee=0, source=refund, words=words)
    refund["balance_transaction"] = entry["id"]
    sim.store.save(refund)
    _count(sim, charge, amount)
    emit(sim, "refund.created", refund)
    emit(sim, "charge.refunded", charge)
    if outcome != "succeeded":
        action = "finish_refund" if outcome == "pending" else "fail_refund"
        sim.later(action, refund["id"], seconds=sim.option("async_seconds"))
    return refund


def _make(sim: Sim, charge: dict, amount: int, params: dict, *, status: str) -> dict:
    kind = charge["payment_method_details"]["type"]
    where: dict[str, Any] = {"type": kind, kind: {}}
    if kind == "card":
        where["card"] = {
            "reference": random_text(10),
            "reference_status": "available",
            "reference_type": "acquirer_reference_number",
            "type": "refund",
        }
    refund = {
        "id": new_id("refund"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": sim.now(),
        "currency": charge["currency"],
        "destination_details": where,
        "metadata": merged_metadata({}, params.get("metadata")),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": status,
        "transfer_reversal": None,
    }
    if status == "pending":
        refund["pending_reason"] = "processing"
    return sim.store.add(refund)


def _count(sim: Sim, charge: dict, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] >= charge["amount"]
    sim.store.save(charge)


def release(sim: Sim, charge: dict, amount: int) -> dict:
    """Give back what was held and not taken: a refund without a balance transaction, for no money ever moved."""
    refund = _make(sim, charge, amount, {}, status="succeeded")
    if refund["destination_details"]["type"] == "card":
        refund["destination_details"]["card"] = {"type": "reversal"}
    sim.store.save(refund)
    _count(sim, charge, amount)
    emit(sim, "refund.created", refund)
    emit(sim, "charge.refunded", charge)
    return refund


def finish(sim: Sim, refund_id: str) -> dict | None:
    refund = sim.store.get("refund", refund_id)
    if not refund or refund["status"] != "pending":
        return refund
    refund["status"] = "succeeded"
    refund.pop("pending_reason", None)
    return _changed(sim, refund, {"status": "pending"})


def fail(sim: Sim, refund_id: str, *, reason: str = "expired_or_canceled_card") -> dict | None:
    """The bank sends the money back: it is on the balance again, and may be refunded by other means."""
    refund = sim.store.get("refund", refund_id)
    if not refund or refund["status"] in ("failed", "canceled"):
        return refund
    before = {"status": refund["status"]}
    refund.pop("pending_reason", None)
    words = "REFUND FAILURE"
    entry = balance.balance_transaction(
        sim, "refund_failure", refund["amount"], fee=0, source=refund, words=words
    )
    refund |= {"status": "failed", "failure_reason": reason, "failure_balance_transaction": entry["id"]}
    _count(sim, charges.get(sim, refund["charge"]), -refund["amount"])
    _changed(sim, refund, before)
    emit(sim, "refund.failed", refund)
    return refund


def _changed(sim: Sim, refund: dict, before: dict) -> dict:
    sim.store.save(refund)
    emit(sim, "refund.updated", refund, previous=before)
    emit(sim, "charge.refund.updated", refund, previous=before)
    return refund


def get(sim: Sim, refund_id: str) -> dict:
    refund = sim.store.get("refund", refund_id)
    if not refund:
        raise missing("refund", refund_id, param="refund")
    return refund


def retrieve(sim: Sim, params: dict, refund_id: str) -> dict:
    return get(sim, refund_id)


def update(sim: Sim, params: dict, refund_id: str) -> dict:
    refund = get(sim, refund_id)
    before = {"metadata": refund["metadata"]}
    refund["metadata"] = merged_metadata(refund["metadata"], params.get("metadata"))
    return _changed(sim, refund, before)


def cancel(sim: Sim, params: dict, refund_id: str) -> dict:
    refund = get(sim, refund_id)
    raise ApiError(
        f"You cannot cancel this refund because it has a status of {refund['status']}. Only a refund with a status of "
        "requires_action may be canceled."
    )


def listed(sim: Sim, params: dict, charge_id: str | None = None) -> dict:
    if charge_id:
        charges.get(sim, charge_id)
        params = params | {"charge": charge_id}
    url = f"/v1/charges/{charge_id}/refunds" if charge_id else "/v1/refunds"
    return lists.page(sim, "refund", params, url=url, filters=("charge", "payment_intent"))
