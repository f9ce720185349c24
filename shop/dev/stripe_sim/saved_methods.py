"""PaymentMethods as the API keeps them: made, read, changed, attached to a customer and detached."""

from shop.dev.stripe_sim import lists, methods
from shop.dev.stripe_sim.cards import card_error, decline_message
from shop.dev.stripe_sim.checks import merged_metadata
from shop.dev.stripe_sim.errors import ApiError
from shop.dev.stripe_sim.events import emit
from shop.dev.stripe_sim.sim import Sim


def create(sim: Sim, params: dict) -> dict:
    return methods.from_data(sim, params)


def retrieve(sim: Sim, params: dict, method_id: str) -> dict:
    return methods.get(sim, method_id)


def update(sim: Sim, params: dict, method_id: str) -> dict:
    method = methods.get(sim, method_id)
    if not method["customer"]:
        raise ApiError("You must save this PaymentMethod to a customer before you can update it.")
    if "billing_details" in params:
        method["billing_details"] = methods.billing_details(
            method["billing_details"] | params["billing_details"]
        )
    if "metadata" in params:
        method["metadata"] = merged_metadata(method["metadata"], params["metadata"])
    if "allow_redisplay" in params:
        method["allow_redisplay"] = params["allow_redisplay"]
    emit(sim, "payment_method.updated", sim.store.save(method))
    return method


def attach(sim: Sim, params: dict, method_id: str) -> dict:
    customer = methods.owner(sim, params.get("customer", ""))
    method = methods.get(sim, method_id)
    if method["customer"] and method["customer"] != customer["id"]:
        raise ApiError(
            "The payment method you provided has already been attached to a customer.",
            code="payment_method_in_use",
        )
    if method["_used"] and not method["customer"]:
        raise ApiError(methods.USED)
    card = methods.card_of(method)
    if card and card.decline and not card.attaches:
        code, decline = card.decline
        raise card_error(code, decline_message(code, decline), decline_code=decline)
    return keep(sim, method, customer["id"])


def keep(sim: Sim, method: dict, customer: str, *, set_up: bool = False) -> dict:
    """Attach the method to the customer; `set_up` also notes that it may be charged while the customer is away."""
    method["_set_up"] = method.get("_set_up") or set_up
    fresh = method["customer"] != customer
    method["customer"] = customer
    sim.store.save(method)
    if fresh:
        emit(sim, "payment_method.attached", method)
    return method


def detach(sim: Sim, params: dict, method_id: str) -> dict:
    method = methods.get(sim, method_id)
    if not method["customer"]:
        raise ApiError(
            "The payment method you provided is not attached to a customer so detachment is impossible."
        )
    previous = {"customer": method["customer"]}
    method |= {"customer": None, "_used": True}
    emit(sim, "payment_method.detached", sim.store.save(method), previous=previous)
    return method


def listed(sim: Sim, params: dict, customer_id: str | None = None) -> dict:
    """The methods of one customer. Without a customer Stripe's list has only Treasury's, which is none here."""
    customer = customer_id or params.get("customer")
    if not customer:
        return {"object": "list", "url": "/v1/payment_methods", "has_more": False, "data": []}
    methods.owner(sim, customer)
    url = f"/v1/customers/{customer_id}/payment_methods" if customer_id else "/v1/payment_methods"
    return lists.page(
        sim, "payment_method", params | {"customer": customer}, url=url, filters=("customer", "type")
    )
