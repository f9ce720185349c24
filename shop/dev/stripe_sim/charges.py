"""Charges: one attempt to take money, and what it does to the account's balance (balance transactions, fees).

A capture that is `automatic_async`, Stripe's default, has no balance transaction at first: it comes a moment later, with
`charge.updated`. The money is settled in the currency of the charge.
"""

from typing import Any

from shop.dev.stripe_sim import balance, lists
from shop.dev.stripe_sim.cards import decline_message
from shop.dev.stripe_sim.checks import merged_metadata, unset_empty
from shop.dev.stripe_sim.errors import ApiError, missing
from shop.dev.stripe_sim.events import emit
from shop.dev.stripe_sim.ids import new_id, random_text
from shop.dev.stripe_sim.methods import card_of
from shop.dev.stripe_sim.sim import DAY, Sim

AUTHORIZED_FOR = 7 * DAY
BLOCKED = "Stripe blocked this payment as too risky."
APPROVED = {
    "advice_code": None,
    "network_advice_code": None,
    "network_decline_code": None,
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "risk_score": 12,
    "seller_message": "Payment complete.",
    "type": "authorized",
}


def make(sim: Sim, intent: dict, method: dict, *, status: str, captured: bool, **facts: Any) -> dict:
    """The charge of one attempt to pay the intent; `facts` go over the ordinary ones."""
    charge = {
        "id": new_id("charge"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": _statement(intent),
        "captured": captured,
        "created": sim.now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": APPROVED,
        "paid": status == "succeeded",
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": details(sim, intent, method),
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": intent["shipping"],
        "source": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": status,
        "transfer_data": None,
        "transfer_group": None,
        **facts,
    }
    if charge["paid"]:
        charge["receipt_url"] = f"{sim.url}/receipts/{charge['id']}"
    return sim.store.add(charge)


def _statement(intent: dict) -> str:
    suffix = intent["statement_descriptor_suffix"]
    return f"TILL* {suffix}"[:22] if suffix else "TILL"


def details(sim: Sim, intent: dict, method: dict) -> dict:
    if method["type"] == "sepa_debit":
        facts = {name: value for name, value in method["sepa_debit"].items() if name != "generated_from"}
        return {
            "type": "sepa_debit",
            "sepa_debit": facts | {"expected_debit_date": None, "mandate": intent.get("_mandate")},
        }
    card = method["card"]
    shared = (
        "brand",
        "checks",
        "country",
        "exp_month",
        "exp_year",
        "fingerprint",
        "funding",
        "last4",
        "regulated_status",
    )
    facts = {name: card[name] for name in shared} | {
        "amount_authorized": intent["amount"],
        "authorization_code": random_text(6).upper(),
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "network_transaction_id": random_text(15).upper(),
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
        "three_d_secure": _three_d_secure(intent),
        "wallet": None,
    }
    if intent["capture_method"] == "manual":
        facts["capture_before"] = sim.now() + AUTHORIZED_FOR
    return {"type": "card", "card": facts}


def _three_d_secure(intent: dict) -> dict | None:
    if not intent.get("_authenticated"):
        return None
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": random_text(24),
        "version": "2.2.0",
    }


def make_failed(sim: Sim, intent: dict, method: dict, code: str, decline_code: str | None) -> dict:
    card = card_of(method)
    blocked = bool(card and card.risk == "highest")
    outcome = APPROVED | {
        "network_decline_code": None if blocked else "05",
        "network_status": "not_sent_to_network" if blocked else "declined_by_network",
        "reason": "highest_risk_level" if blocked else decline_code or code,
        "risk_level": card.risk if card else "normal",
        "risk_score": 85 if blocked else 12,
        "seller_message": BLOCKED if blocked else "The bank did not return any further details.",
        "type": "blocked" if blocked else "issuer_declined",
    }
    return make(
        sim, intent, method, status="failed", captured=False, outcome=outcome,
        failure_code=code, failure_message=decline_message(code, decline_code),
    )  # fmt: skip


def capture(sim: Sim, charge: dict, amount: int, *, at_once: bool) -> None:
    """Take the money. Its balance transaction is there at once, or a moment later."""
    charge |= {"captured": True, "amount_captured": amount}
    sim.store.save(charge)
    if at_once:
        balance.book(sim, charge)
    else:
        sim.later("settle_charge", charge["id"], seconds=sim.option("settle_seconds"))


def get(sim: Sim, charge_id: str) -> dict:
    charge = sim.store.get("charge", charge_id)
    if not charge:
        raise missing("charge", charge_id, param="charge")
    return charge


def retrieve(sim: Sim, params: dict, charge_id: str) -> dict:
    return get(sim, charge_id)


def update(sim: Sim, params: dict, charge_id: str) -> dict:
    charge = get(sim, charge_id)
    new = unset_empty(params, "description", "receipt_email", "shipping", "fraud_details")
    if "metadata" in params:
        new["metadata"] = merged_metadata(charge["metadata"], params["metadata"])
    emit(sim, "charge.updated", sim.store.save(charge | new), previous={name: charge[name] for name in new})
    return charge | new


def create(sim: Sim, params: dict) -> dict:
    raise ApiError(
        "The Charges API does not take new charges here: use PaymentIntents, as Stripe advises since 2019."
    )


def listed(sim: Sim, params: dict) -> dict:
    return lists.page(sim, "charge", params, url="/v1/charges", filters=("customer", "payment_intent"))
