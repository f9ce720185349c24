"""How a PaymentIntent that is not paid yet is captured, canceled, or given up."""

from typing import Any

from shop.dev.stripe_sim import charges, intents, outcomes, refunds
from shop.dev.stripe_sim.checks import merged_metadata
from shop.dev.stripe_sim.errors import ApiError, invalid, unexpected_state
from shop.dev.stripe_sim.events import emit
from shop.dev.stripe_sim.money import shown
from shop.dev.stripe_sim.sim import Sim

CANCELABLE = ("requires_payment_method", "requires_capture", "requires_confirmation", "requires_action")


def cancel(sim: Sim, params: dict, intent_id: str) -> dict:
    """End it unpaid. A held amount is given back, which Stripe shows as a refund of the uncaptured charge."""
    intent = intents.get(sim, intent_id)
    if intent["status"] not in CANCELABLE:
        raise unexpected_state(
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. Only a PaymentIntent "
            f"with one of the following statuses may be canceled: {', '.join(CANCELABLE)}, processing.",
            intent,
        )
    if intent.get("_session") and intent["status"] != "requires_capture":
        raise ApiError(
            "You cannot cancel PaymentIntents that belong to a Checkout Session. Expire the Checkout Session instead.",
            code="payment_intent_unexpected_state",
            payment_intent=intent,
        )
    return end(sim, intent, reason=params.get("cancellation_reason"))


def end(sim: Sim, intent: dict, *, reason: str | None) -> dict:
    if intent["status"] == "requires_capture":
        charge = charges.get(sim, intent["latest_charge"])
        refunds.release(sim, charge, charge["amount"])
        if reason == "automatic":
            emit(sim, "charge.expired", charge)
    gone: dict[str, Any] = {"status": "canceled", "canceled_at": sim.now(), "cancellation_reason": reason}
    intent |= gone | {"next_action": None, "amount_capturable": 0, "_challenge": None}
    emit(sim, "payment_intent.canceled", sim.store.save(intent))
    return intent


def capture(sim: Sim, params: dict, intent_id: str) -> dict:
    intent = intents.get(sim, intent_id)
    if intent["status"] != "requires_capture":
        raise unexpected_state(
            f"This PaymentIntent could not be captured because it has a status of {intent['status']}. Only a PaymentIntent "
            "with one of the following statuses may be captured: requires_capture.",
            intent,
        )
    amount = params.get("amount_to_capture", intent["amount_capturable"])
    if amount < 1:
        raise invalid("This value must be greater than or equal to 1.", param="amount_to_capture")
    if amount > intent["amount_capturable"]:
        most = shown(intent["amount_capturable"], intent["currency"])
        raise ApiError(
            f"The amount to capture must be no more than the amount capturable ({most}).",
            code="amount_too_large",
            param="amount_to_capture",
        )
    if "metadata" in params:
        intent["metadata"] = merged_metadata(intent["metadata"], params["metadata"])
    charge = charges.get(sim, intent["latest_charge"])
    charges.capture(sim, charge, amount, at_once=True)
    if amount < charge["amount"]:
        refunds.release(sim, charge, charge["amount"] - amount)
    emit(sim, "charge.captured", charge)
    return outcomes.succeed(sim, intent, amount)


def expire_hold(sim: Sim, intent_id: str) -> None:
    """A hold that nobody captured in seven days is given up."""
    intent = sim.store.get("payment_intent", intent_id)
    if intent and intent["status"] == "requires_capture":
        end(sim, intent, reason="automatic")
