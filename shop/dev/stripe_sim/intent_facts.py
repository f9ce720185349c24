"""What a new PaymentIntent looks like, and which payment methods it takes."""

from typing import Any

from shop.dev.stripe_sim import methods
from shop.dev.stripe_sim.checks import check_descriptor, merged_metadata
from shop.dev.stripe_sim.errors import ApiError, invalid
from shop.dev.stripe_sim.ids import client_secret, new_id
from shop.dev.stripe_sim.money import check_amount, check_currency
from shop.dev.stripe_sim.sim import Sim

KNOWN_METHODS = ("card", "sepa_debit")
CARD_OPTIONS = {
    "installments": None,
    "mandate_options": None,
    "network": None,
    "request_three_d_secure": "automatic",
}
CONFIGURATION = {"id": "pmc_1TillSimulated", "parent": None}


def make(sim: Sim, params: dict) -> dict:
    currency = check_currency(params["currency"])
    check_amount(params["amount"], currency)
    if params.get("customer"):
        methods.owner(sim, params["customer"])
    for name in ("statement_descriptor", "statement_descriptor_suffix"):
        check_descriptor(params.get(name), param=name)
    if params.get("confirmation_method") == "manual":
        raise ApiError("This simulator confirms automatically only.", param="confirmation_method")
    intent_id = new_id("payment_intent")
    automatic = automatic_methods(params)
    intent = {
        "id": intent_id,
        "object": "payment_intent",
        "amount": params["amount"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": automatic,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": params.get("capture_method", "automatic_async"),
        "client_secret": client_secret(intent_id),
        "confirmation_method": "automatic",
        "created": sim.now(),
        "currency": currency,
        "customer": params.get("customer"),
        "customer_account": None,
        "description": params.get("description"),
        "excluded_payment_method_types": params.get("excluded_payment_method_types") or None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": merged_metadata({}, params.get("metadata")),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": CONFIGURATION if automatic else None,
        "payment_method_types": method_types(sim, params, currency),
        "processing": None,
        "receipt_email": params.get("receipt_email"),
        "review": None,
        "setup_future_usage": params.get("setup_future_usage"),
        "shipping": shipping(params.get("shipping")),
        "source": None,
        "statement_descriptor": params.get("statement_descriptor"),
        "statement_descriptor_suffix": params.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": params.get("transfer_group"),
    }
    intent["payment_method_options"] = method_options(intent, params.get("payment_method_options"))
    return sim.store.add(intent)


def automatic_methods(params: dict) -> dict | None:
    """On unless it is switched off or the types are named; redirects are allowed unless that is switched off."""
    asked = params.get("automatic_payment_methods")
    if (asked is None and "allowed_payment_method_types" in params) or (asked and not asked["enabled"]):
        return None
    return {"allow_redirects": (asked or {}).get("allow_redirects", "always"), "enabled": True}


def method_types(sim: Sim, params: dict, currency: str | None) -> list[str]:
    """The types that this payment may use: the account's, or those that were named; less what is excluded."""
    named = params.get("allowed_payment_method_types")
    excluded = params.get("excluded_payment_method_types") or []
    offered = named or sim.offered_methods(currency)
    left = [kind for kind in KNOWN_METHODS if kind in offered and kind not in excluded]
    if currency and currency != "eur" and "sepa_debit" in left:
        left.remove("sepa_debit")
    if not left:
        raise invalid(
            "No valid payment method types for this payment. Please ensure that you have activated payment methods "
            "compatible with your chosen currency in your dashboard.",
            param="allowed_payment_method_types" if named else None,
        )
    return left


def method_options(intent: dict, given: Any) -> dict:
    given = given or {}
    known: dict[str, Any] = {"card": CARD_OPTIONS, "sepa_debit": {}}
    return {kind: known[kind] | (given.get(kind) or {}) for kind in intent["payment_method_types"]}


def shipping(given: Any) -> dict | None:
    if not given:
        return None
    plain = {name: given.get(name) or None for name in ("carrier", "name", "phone", "tracking_number")}
    return {"address": {**methods.NO_ADDRESS, **given["address"]}, **plain}
