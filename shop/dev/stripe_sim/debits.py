"""Bank debits: `processing` for days with Stripe, for seconds here, until the bank has answered."""

from shop.dev.stripe_sim import charges, methods, outcomes, setups
from shop.dev.stripe_sim.cards import card_error
from shop.dev.stripe_sim.events import emit
from shop.dev.stripe_sim.ibans import outcome_of
from shop.dev.stripe_sim.sim import Sim
from shop.dev.stripe_sim.store import public


def debit(sim: Sim, intent: dict, method: dict) -> dict:
    """A bank debit is on its way for days: `processing` until `finish_debit`."""
    intent["_mandate"] = setups.make_mandate(sim, method)["id"]
    charge = charges.make(sim, intent, method, status="pending", captured=True)
    intent |= {"status": "processing", "latest_charge": charge["id"]}
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
    if outcome == "failed":
        return _bounce(sim, intent, charge, method)
    charge |= {"status": "succeeded", "paid": True, "receipt_url": f"{sim.url}/receipts/{charge['id']}"}
    charges.capture(sim, charge, charge["amount"], at_once=True)
    outcomes.remember(sim, intent, method)
    emit(sim, "charge.succeeded", charge)
    outcomes.succeed(sim, intent, charge["amount"])
    if outcome == "disputed":
        sim.later("open_dispute", charge["id"], seconds=sim.option("dispute_seconds"))
    return intent


def _bounce(sim: Sim, intent: dict, charge: dict, method: dict) -> dict:
    message = "The bank could not debit the account."
    charge |= {
        "status": "failed",
        "captured": False,
        "failure_code": "debit_not_authorized",
        "failure_message": message,
    }
    emit(sim, "charge.failed", sim.store.save(charge))
    details = {"code": "payment_intent_payment_attempt_failed", "decline_code": "debit_not_authorized"}
    error = card_error(message=message, charge=charge["id"], payment_method=public(method), **details)
    return outcomes.fail(sim, intent, error)
