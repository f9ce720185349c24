"""How an attempt to pay (or to set up) ends: it succeeds, or it fails and leaves the intent open for another method."""

from typing import Any

from shop.dev.stripe_sim import charges, saved_methods
from shop.dev.stripe_sim.cards import card_error, decline_message
from shop.dev.stripe_sim.errors import ApiError
from shop.dev.stripe_sim.events import emit
from shop.dev.stripe_sim.sim import Sim
from shop.dev.stripe_sim.store import public


def succeed(sim: Sim, intent: dict, received: int) -> dict:
    intent |= {
        "status": "succeeded",
        "amount_received": received,
        "amount_capturable": 0,
        "next_action": None,
    }
    emit(sim, "payment_intent.succeeded", sim.store.save(intent))
    return intent


def remember(sim: Sim, intent: dict, method: dict) -> None:
    """A method that is to be used again is attached to the customer; one that is not cannot be used a second time."""
    future = intent["setup_future_usage"]
    if intent["customer"] and future:
        saved_methods.keep(sim, method, intent["customer"], set_up=future == "off_session")
    elif not method["customer"]:
        sim.store.save(method | {"_used": True})


def decline(sim: Sim, intent: dict, method: dict, code: str, decline_code: str | None) -> None:
    """Always raises: the card error that the issuer's no becomes."""
    message = decline_message(code, decline_code)
    more: dict[str, Any] = {}
    if intent["object"] == "payment_intent":
        charge = charges.make_failed(sim, intent, method, code, decline_code)
        intent["latest_charge"] = charge["id"]
        emit(sim, "charge.failed", charge)
        more["charge"] = charge["id"]
    error = card_error(code, message, decline_code=decline_code, payment_method=public(method), **more)
    if code == "incorrect_cvc":
        error.details["param"] = "cvc"
    fail(sim, intent, error)
    error.keep = True
    error.details[intent["object"]] = dict(intent)
    raise error


def fail(sim: Sim, intent: dict, error: ApiError) -> dict:
    payment = intent["object"] == "payment_intent"
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "next_action": None,
        "_challenge": None,
        "last_payment_error" if payment else "last_setup_error": error.body()["error"],
    }
    sim.store.save(intent)
    emit(sim, "payment_intent.payment_failed" if payment else "setup_intent.setup_failed", intent)
    return intent
