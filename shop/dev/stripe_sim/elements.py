"""What Stripe.js asks for behind the documented API: which methods to show, and that a challenge was closed."""

from typing import Any

from shop.dev.stripe_sim import confirming, intent_facts, setups
from shop.dev.stripe_sim.errors import ApiError, invalid, missing
from shop.dev.stripe_sim.money import check_amount, check_currency
from shop.dev.stripe_sim.sim import Sim

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")


def session(sim: Sim, params: dict) -> dict:
    """The payment methods for an Element, by an intent's client secret or by what the intent will be (deferred)."""
    secret = params.get("client_secret")
    if secret:
        intent = by_secret(sim, secret)
        if intent["status"] not in OPEN:
            raise ApiError(
                f"The intent is {intent['status']} and can no longer be used to initialize Elements."
            )
        facts = {
            name: intent.get(name) for name in ("amount", "currency", "setup_future_usage", "capture_method")
        }
        return _session(
            sim, intent["payment_method_types"], mode=intent["object"].removesuffix("_intent"), **facts
        )
    deferred = params.get("deferred_intent") or {}
    mode = deferred.get("mode")
    if mode not in ("payment", "setup"):
        raise invalid("mode must be payment or setup.", param="deferred_intent[mode]")
    if mode == "payment":
        currency = check_currency(str(deferred.get("currency")), param="deferred_intent[currency]")
        amount = str(deferred.get("amount"))
        if not amount.isdecimal():
            raise invalid(f"Invalid integer: {amount}", param="deferred_intent[amount]")
        check_amount(int(amount), currency, param="deferred_intent[amount]")
    else:
        currency = deferred.get("currency") or ""
    return _session(
        sim, intent_facts.method_types(sim, deferred, currency or None), mode=mode, currency=currency
    )


def _session(sim: Sim, kinds: list[str], **facts: Any) -> dict:
    return {
        "object": "elements_session",
        "business_name": "Simulated account",
        "merchant_country": sim.option("country"),
        "payment_method_preference": {
            "object": "payment_method_preference",
            "ordered_payment_method_types": kinds,
        },
        **facts,
    }


def by_secret(sim: Sim, secret: str) -> dict:
    """The intent that a client secret opens."""
    intent_id = secret.partition("_secret_")[0]
    kind = "setup_intent" if intent_id.startswith("seti_") else "payment_intent"
    intent = sim.store.get(kind, intent_id)
    if not intent or intent["client_secret"] != secret:
        raise missing(kind, intent_id, param="client_secret")
    return intent


def cancel_challenge(sim: Sim, params: dict, intent_id: str) -> dict:
    """The customer closed the 3-D Secure window: to Stripe the authentication has failed."""
    intent = sim.store.get("payment_intent", intent_id) or setups.get(sim, intent_id)
    challenge = sim.store.get("challenge", intent.get("_challenge") or "")
    if intent["status"] == "requires_action" and challenge and challenge["id"] == params.get("source"):
        confirming.not_authenticated(sim, intent)
    return intent
