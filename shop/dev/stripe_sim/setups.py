"""SetupIntents: a payment method made ready for later payments, without a charge. Mandates for debits."""

from shop.dev.stripe_sim import lists, methods, saved_methods
from shop.dev.stripe_sim.checks import merged_metadata, unset_empty
from shop.dev.stripe_sim.errors import missing, unexpected_state
from shop.dev.stripe_sim.events import emit
from shop.dev.stripe_sim.ids import client_secret, new_id
from shop.dev.stripe_sim.sim import Sim

CANCELABLE = ("requires_payment_method", "requires_confirmation", "requires_action")


def make(sim: Sim, params: dict) -> dict:
    intent_id = new_id("setup_intent")
    automatic = "allowed_payment_method_types" not in params
    kinds = params.get("allowed_payment_method_types") or sim.offered_methods(None)
    if params.get("customer"):
        methods.owner(sim, params["customer"])
    return sim.store.add(
        {
            "id": intent_id,
            "object": "setup_intent",
            "application": None,
            "automatic_payment_methods": {"allow_redirects": "always", "enabled": True} if automatic else None,
            "cancellation_reason": None,
            "client_secret": client_secret(intent_id),
            "created": sim.now(),
            "customer": params.get("customer"),
            "customer_account": None,
            "description": params.get("description"),
            "flow_directions": None,
            "last_setup_error": None,
            "latest_attempt": None,
            "livemode": False,
            "mandate": None,
            "metadata": merged_metadata({}, params.get("metadata")),
            "next_action": None,
            "on_behalf_of": None,
            "payment_method": None,
            "payment_method_configuration_details": {"id": "pmc_1Till", "parent": None} if automatic else None,
            "payment_method_options": {"card": {"request_three_d_secure": "automatic"}} | (
                params.get("payment_method_options") or {}
            ),
            "payment_method_types": kinds,
            "single_use_mandate": None,
            "status": "requires_payment_method",
            "usage": params.get("usage", "off_session"),
            "_off_session": False,
            "_error_on_requires_action": False,
            "_return_url": None,
            "_use_sdk": False,
        }
    )  # fmt: skip


def get(sim: Sim, intent_id: str) -> dict:
    intent = sim.store.get("setup_intent", intent_id)
    if not intent:
        raise missing("setupintent", intent_id, param="intent")
    return intent


def succeed(sim: Sim, intent: dict, method: dict) -> dict:
    """The method is ready: attached to the customer, and known to be chargeable later."""
    if method["type"] == "sepa_debit":
        intent["mandate"] = make_mandate(sim, method)["id"]
    attempt = _attempt(sim, intent, method)
    intent |= {
        "status": "succeeded",
        "next_action": None,
        "latest_attempt": attempt["id"],
        "_challenge": None,
    }
    sim.store.save(intent)
    if intent["customer"]:
        saved_methods.keep(sim, method, intent["customer"], set_up=intent["usage"] == "off_session")
    emit(sim, "setup_intent.succeeded", intent)
    return intent


def _attempt(sim: Sim, intent: dict, method: dict) -> dict:
    facts = (
        {"brand": method["card"]["brand"], "last4": method["card"]["last4"]}
        if method["type"] == "card"
        else {}
    )
    return sim.store.add(
        {
            "id": new_id("setup_attempt"),
            "object": "setup_attempt",
            "application": None,
            "created": sim.now(),
            "customer": intent["customer"],
            "flow_directions": None,
            "livemode": False,
            "on_behalf_of": None,
            "payment_method": method["id"],
            "payment_method_details": {"type": method["type"], method["type"]: facts},
            "setup_error": None,
            "setup_intent": intent["id"],
            "status": "succeeded",
            "usage": intent["usage"],
        }
    )


def make_mandate(sim: Sim, method: dict) -> dict:
    return sim.store.add(
        {
            "id": new_id("mandate"),
            "object": "mandate",
            "created": sim.now(),
            "customer_acceptance": {
                "accepted_at": sim.now(),
                "online": {"ip_address": "127.0.0.1", "user_agent": "stripe_sim"},
                "type": "online",
            },
            "livemode": False,
            "multi_use": {},
            "payment_method": method["id"],
            "payment_method_details": {
                "type": "sepa_debit",
                "sepa_debit": {
                    "reference": method["id"][-12:].upper(),
                    "url": f"{sim.url}/mandates/{method['id']}",
                },
            },
            "status": "active",
            "type": "multi_use",
        }
    )


def retrieve_mandate(sim: Sim, params: dict, mandate_id: str) -> dict:
    mandate = sim.store.get("mandate", mandate_id)
    if not mandate:
        raise missing("mandate", mandate_id)
    return mandate


def update(sim: Sim, params: dict, intent_id: str) -> dict:
    intent = get(sim, intent_id)
    if intent["status"] in ("succeeded", "canceled") and set(params) - {"metadata", "description"}:
        raise unexpected_state(
            f"You cannot update this SetupIntent because it has already {intent['status']}.", intent
        )
    intent |= unset_empty(params, "description")
    if params.get("customer"):
        intent["customer"] = methods.owner(sim, params["customer"])["id"]
    if "metadata" in params:
        intent["metadata"] = merged_metadata(intent["metadata"], params["metadata"])
    return sim.store.save(intent)


def cancel(sim: Sim, params: dict, intent_id: str) -> dict:
    intent = get(sim, intent_id)
    if intent["status"] not in CANCELABLE:
        raise unexpected_state(
            f"You cannot cancel this SetupIntent because it has a status of {intent['status']}. Only a SetupIntent with one "
            f"of the following statuses may be canceled: {', '.join(CANCELABLE)}.",
            intent,
        )
    intent |= {
        "status": "canceled",
        "cancellation_reason": params.get("cancellation_reason"),
        "next_action": None,
    }
    emit(sim, "setup_intent.canceled", sim.store.save(intent))
    return intent


def listed(sim: Sim, params: dict) -> dict:
    return lists.page(
        sim, "setup_intent", params, url="/v1/setup_intents", filters=("customer", "payment_method")
    )
