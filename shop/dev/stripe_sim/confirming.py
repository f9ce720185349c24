"""Confirming a PaymentIntent or a SetupIntent: which method, whether its bank wants the customer to authenticate, what follows.

Order of events is Stripe's: the charge's first, then the intent's. A declined card leaves a failed charge, the error on the
intent, and no payment method: the customer may try another one on the same intent.
"""

from typing import Any

from shop.dev.stripe_sim import charges, debits, methods, outcomes, setups
from shop.dev.stripe_sim.cards import Card
from shop.dev.stripe_sim.errors import ApiError
from shop.dev.stripe_sim.events import emit
from shop.dev.stripe_sim.ids import new_id
from shop.dev.stripe_sim.sim import Sim
from shop.dev.stripe_sim.store import public

NOT_AUTHENTICATED = "We are unable to authenticate your payment method. Please choose a different payment method and try again."


def wants_authentication(card: Card, method: dict, *, off_session: bool, asked: str) -> bool:
    """Whether the issuer wants 3-D Secure for this payment (or set-up) before it says yes."""
    if card.auth == "optional":
        return asked in ("any", "challenge") and not off_session
    if off_session and card.auth == "unless_set_up":
        return not method["_set_up"]
    if off_session and card.auth == "already_set_up":
        return False
    return card.auth in ("required", "unless_set_up", "already_set_up")


def start(sim: Sim, intent: dict, method: dict) -> dict:
    """Go as far as is possible without the customer: success, a challenge, a pending debit, or a decline (raised)."""
    intent |= {
        "payment_method": method["id"],
        "next_action": None,
        "_challenge": None,
        "_authenticated": False,
    }
    intent["last_payment_error" if intent["object"] == "payment_intent" else "last_setup_error"] = None
    sim.store.save(intent)
    if method["type"] == "sepa_debit":
        return (
            setups.succeed(sim, intent, method)
            if intent["object"] == "setup_intent"
            else debits.debit(sim, intent, method)
        )
    card = methods.card_of(method)
    assert card
    asked = ((intent["payment_method_options"] or {}).get("card") or {}).get(
        "request_three_d_secure"
    ) or "automatic"
    if not wants_authentication(card, method, off_session=intent["_off_session"], asked=asked):
        return proceed(sim, intent, method)
    if intent["_off_session"]:
        outcomes.decline(sim, intent, method, "authentication_required", "authentication_required")
    if card.lookup_fails:
        outcomes.decline(sim, intent, method, "card_declined", "generic_decline")
    if intent["_error_on_requires_action"]:
        outcomes.decline(sim, intent, method, "authentication_required", "authentication_required")
    return _challenge(sim, intent, method)


def _challenge(sim: Sim, intent: dict, method: dict) -> dict:
    """The customer has to authenticate: in a frame that Stripe.js opens, or on a page that leads back to `return_url`."""
    challenge = sim.store.add(
        {
            "id": new_id("challenge"),
            "object": "challenge",
            "created": sim.now(),
            "intent": intent["id"],
            "kind": intent["object"],
            "method": method["id"],
            "return_url": intent["_return_url"],
        }
    )
    url = f"{sim.url}/3ds/{challenge['id']}"
    redirects = bool(intent["_return_url"]) and (
        not intent["_use_sdk"] or sim.option("three_d_secure") == "redirect"
    )
    if redirects:
        action: dict[str, Any] = {
            "type": "redirect_to_url",
            "redirect_to_url": {"url": url, "return_url": intent["_return_url"]},
        }
    else:
        sdk = {"type": "three_d_secure_redirect", "stripe_js": f"{url}?frame=1", "source": challenge["id"]}
        action = {"type": "use_stripe_sdk", "use_stripe_sdk": sdk}
    intent |= {"status": "requires_action", "next_action": action, "_challenge": challenge["id"]}
    sim.store.save(intent)
    emit(sim, f"{intent['object']}.requires_action", intent)
    return intent


def authenticated(sim: Sim, intent: dict) -> dict:
    """The customer passed 3-D Secure: go on with the payment. Its decline is on the intent; nobody is there to raise it to."""
    method = methods.get(sim, intent["payment_method"])
    intent |= {"next_action": None, "_challenge": None, "_authenticated": True}
    try:
        return proceed(sim, intent, method)
    except ApiError as refused:
        if not refused.keep:
            raise
        return intent


def not_authenticated(sim: Sim, intent: dict) -> dict:
    """The customer failed 3-D Secure, or closed its window (which Stripe tells apart nowhere: stripe-js issue 275)."""
    method = methods.get(sim, intent["payment_method"])
    code = f"{intent['object']}_authentication_failure"
    error = ApiError(NOT_AUTHENTICATED, code=code, payment_method=public(method))
    return outcomes.fail(sim, intent, error)


def proceed(sim: Sim, intent: dict, method: dict) -> dict:
    """Charge the card (or save it), unless its issuer declines."""
    card = methods.card_of(method)
    assert card
    if intent["object"] == "setup_intent":
        if card.decline and not card.attaches:
            outcomes.decline(sim, intent, method, *card.decline)
        return setups.succeed(sim, intent, method)
    if card.decline:
        outcomes.decline(sim, intent, method, *card.decline)
    manual = intent["capture_method"] == "manual"
    risk = charges.APPROVED | {"risk_level": card.risk, "risk_score": 65 if card.risk == "elevated" else 12}
    charge = charges.make(sim, intent, method, status="succeeded", captured=False, outcome=risk)
    intent["latest_charge"] = charge["id"]
    outcomes.remember(sim, intent, method)
    if manual:
        _hold(sim, intent, charge)
    else:
        charges.capture(sim, charge, charge["amount"], at_once=intent["capture_method"] == "automatic")
        emit(sim, "charge.succeeded", charge)
        outcomes.succeed(sim, intent, charge["amount"])
    if card.dispute:
        sim.later("open_dispute", charge["id"], seconds=sim.option("dispute_seconds"))
    return intent


def _hold(sim: Sim, intent: dict, charge: dict) -> None:
    intent |= {"status": "requires_capture", "amount_capturable": charge["amount"], "next_action": None}
    sim.store.save(intent)
    emit(sim, "charge.succeeded", charge)
    emit(sim, "payment_intent.amount_capturable_updated", intent)
    sim.later("expire_hold", intent["id"], seconds=charges.AUTHORIZED_FOR)
