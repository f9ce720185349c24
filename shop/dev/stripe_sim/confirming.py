"""Confirming a PaymentIntent or a SetupIntent: which method, whether its bank wants the customer to authenticate, what follows.

Order of events is Stripe's: the charge's first, then the intent's. A declined card leaves a failed charge, the error on the
intent, and no payment method: the customer may try another one on the same intent.
"""

from typing import Any

from shop.dev.stripe_sim import charges, methods, setups
from shop.dev.stripe_sim.cards import Card, card_error, decline_message
from shop.dev.stripe_sim.errors import ApiError
from shop.dev.stripe_sim.events import emit
from shop.dev.stripe_sim.ibans import outcome_of
from shop.dev.stripe_sim.ids import new_id
from shop.dev.stripe_sim.sim import Sim
from shop.dev.stripe_sim.store import public

NOT_AUTHENTICATED = (
    "We are unable to authenticate your payment method. Please choose a different payment method and try again."
)


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
    intent |= {"payment_method": method["id"], "next_action": None, "_challenge": None, "_authenticated": False}
    intent["last_payment_error" if intent["object"] == "payment_intent" else "last_setup_error"] = None
    sim.store.save(intent)
    if method["type"] == "sepa_debit":
        return setups.succeed(sim, intent, method) if intent["object"] == "setup_intent" else _debit(sim, intent, method)
    card = methods.card_of(method)
    assert card
    asked = ((intent["payment_method_options"] or {}).get("card") or {}).get("request_three_d_secure") or "automatic"
    if not wants_authentication(card, method, off_session=intent["_off_session"], asked=asked):
        return proceed(sim, intent, method)
    if intent["_off_session"]:
        decline(sim, intent, method, "authentication_required", "authentication_required")
    if card.lookup_fails:
        decline(sim, intent, method, "card_declined", "generic_decline")
    if intent["_error_on_requires_action"]:
        decline(sim, intent, method, "authentication_required", "authentication_required")
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
    redirects = bool(intent["_return_url"]) and (not intent["_use_sdk"] or sim.option("three_d_secure") == "redirect")
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
    return _fail(sim, intent, error)


def proceed(sim: Sim, intent: dict, method: dict) -> dict:
    """Charge the card (or save it), unless its issuer declines."""
    card = methods.card_of(method)
    assert card
    if intent["object"] == "setup_intent":
        if card.decline and not card.attaches:
            decline(sim, intent, method, *card.decline)
        return setups.succeed(sim, intent, method)
    if card.decline:
        decline(sim, intent, method, *card.decline)
    manual = intent["capture_method"] == "manual"
    risk = charges.APPROVED | {"risk_level": card.risk, "risk_score": 65 if card.risk == "elevated" else 12}
    charge = charges.make(sim, intent, method, status="succeeded", captured=False, outcome=risk)
    intent["latest_charge"] = charge["id"]
    _remember(sim, intent, method)
    if manual:
        _hold(sim, intent, charge)
    else:
        charges.capture(sim, charge, charge["amount"], at_once=intent["capture_method"] == "automatic")
        emit(sim, "charge.succeeded", charge)
        succeed(sim, intent, charge["amount"])
    if card.dispute:
        sim.later("open_dispute", charge["id"], seconds=sim.option("dispute_seconds"))
    return intent


def _hold(sim: Sim, intent: dict, charge: dict) -> None:
    intent |= {"status": "requires_capture", "amount_capturable": charge["amount"], "next_action": None}
    sim.store.save(intent)
    emit(sim, "charge.succeeded", charge)
    emit(sim, "payment_intent.amount_capturable_updated", intent)
    sim.later("expire_hold", intent["id"], seconds=charges.AUTHORIZED_FOR)


def succeed(sim: Sim, intent: dict, received: int) -> dict:
    intent |= {"status": "succeeded", "amount_received": received, "amount_capturable": 0, "next_action": None}
    emit(sim, "payment_intent.succeeded", sim.store.save(intent))
    return intent


def _remember(sim: Sim, intent: dict, method: dict) -> None:
    """A method that is to be used again is attached to the customer; one that is not cannot be used a second time."""
    future = intent["setup_future_usage"]
    if intent["customer"] and future:
        methods.keep(sim, method, intent["customer"], set_up=future == "off_session")
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
    _fail(sim, intent, error)
    error.keep = True
    error.details[intent["object"]] = dict(intent)
    raise error


def _fail(sim: Sim, intent: dict, error: ApiError) -> dict:
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


def _debit(sim: Sim, intent: dict, method: dict) -> dict:
    """A bank debit is on its way for days: `processing` until `finish_debit`."""
    intent["_mandate"] = setups.make_mandate(sim, method)["id"]
    charge = charges.make(sim, intent, method, status="pending", captured=True)
    words = {"type": "sepa_debit", "sepa_debit": {}}
    intent |= {"status": "processing", "latest_charge": charge["id"], "processing": words}
    sim.store.save(intent)
    emit(sim, "charge.pending", charge)
    emit(sim, "payment_intent.processing", intent)
    slow = outcome_of(method["_iban"])[1]
    sim.later("finish_debit", intent["id"], seconds=sim.option("slow_seconds" if slow else "async_seconds"))
    return intent


def finish_debit(sim: Sim, intent_id: str, *, outcome: str | None = None) -> dict | None:
    """The bank has answered, as its test IBAN says or as `outcome` wants it."""
    intent = sim.store.get("payment_intent", intent_id)
    if not intent or intent["status"] != "processing":
        return intent
    method = methods.get(sim, intent["payment_method"])
    charge = charges.get(sim, intent["latest_charge"])
    outcome = outcome or outcome_of(method["_iban"])[0]
    intent["processing"] = None
    if outcome == "failed":
        return _bounce(sim, intent, charge, method)
    charge |= {"status": "succeeded", "paid": True, "receipt_url": f"{sim.url}/receipts/{charge['id']}"}
    charges.capture(sim, charge, charge["amount"], at_once=True)
    _remember(sim, intent, method)
    emit(sim, "charge.succeeded", charge)
    succeed(sim, intent, charge["amount"])
    if outcome == "disputed":
        sim.later("open_dispute", charge["id"], seconds=sim.option("dispute_seconds"))
    return intent


def _bounce(sim: Sim, intent: dict, charge: dict, method: dict) -> dict:
    message = "The bank could not debit the account."
    charge |= {"status": "failed", "captured": False, "failure_code": "debit_not_authorized", "failure_message": message}
    emit(sim, "charge.failed", sim.store.save(charge))
    details = {"code": "payment_intent_payment_attempt_failed", "decline_code": "debit_not_authorized"}
    error = card_error(message=message, charge=charge["id"], payment_method=public(method), **details)
    return _fail(sim, intent, error)
