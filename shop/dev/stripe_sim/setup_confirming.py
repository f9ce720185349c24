"""Creating and confirming SetupIntents: the same steps as a payment's, with no money in them."""

from shop.dev.stripe_sim import confirming, methods, setups
from shop.dev.stripe_sim.checks import check_url
from shop.dev.stripe_sim.errors import ApiError, unexpected_state
from shop.dev.stripe_sim.events import emit
from shop.dev.stripe_sim.sim import Sim


def create(sim: Sim, params: dict) -> dict:
    intent = setups.make(sim, params)
    method = _chosen(sim, intent, params)
    if method:
        intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
    emit(sim, "setup_intent.created", sim.store.save(intent))
    return _confirmed(sim, intent, params) if params.get("confirm") else intent


def confirm(sim: Sim, params: dict, intent_id: str) -> dict:
    return _confirmed(sim, setups.get(sim, intent_id), params)


def _chosen(sim: Sim, intent: dict, params: dict) -> dict | None:
    if params.get("payment_method_data"):
        method = methods.from_data(sim, params["payment_method_data"])
    elif params.get("payment_method"):
        method = methods.usable(sim, params["payment_method"], customer=intent["customer"])
    else:
        return None
    if method["type"] not in intent["payment_method_types"]:
        raise ApiError(
            f"The PaymentMethod provided ({method['type']}) is not allowed for this SetupIntent.",
            param="payment_method",
        )
    return method


def _confirmed(sim: Sim, intent: dict, params: dict) -> dict:
    if intent["status"] not in setups.CANCELABLE:
        raise unexpected_state(
            f"You cannot confirm this SetupIntent because it has already {intent['status']}.", intent
        )
    method = _chosen(sim, intent, params)
    if not method:
        if not intent["payment_method"]:
            raise unexpected_state(
                "You cannot confirm this SetupIntent because it's missing a payment method.", intent
            )
        method = methods.usable(sim, intent["payment_method"], customer=intent["customer"])
    if params.get("return_url"):
        check_url(params["return_url"], param="return_url")
    intent |= {
        "_return_url": params.get("return_url"),
        "_use_sdk": bool(params.get("use_stripe_sdk", sim.asked.browser)),
    }
    return confirming.start(sim, intent, method)
