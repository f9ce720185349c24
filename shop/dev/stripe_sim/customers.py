"""Customers: whom saved payment methods belong to."""

from shop.dev.stripe_sim import lists, methods, saved_methods
from shop.dev.stripe_sim.checks import merged_metadata, unset_empty
from shop.dev.stripe_sim.errors import ApiError, missing
from shop.dev.stripe_sim.events import emit
from shop.dev.stripe_sim.ids import new_id, random_text
from shop.dev.stripe_sim.sim import Sim

FIELDS = ("address", "description", "email", "name", "phone", "preferred_locales", "shipping", "tax_exempt")


def create(sim: Sim, params: dict) -> dict:
    customer = {
        "id": new_id("customer"),
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": sim.now(),
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "email": None,
        "invoice_prefix": random_text(8).upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": merged_metadata({}, params.get("metadata")),
        "name": None,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
        **unset_empty(params, *FIELDS),
    }
    emit(sim, "customer.created", sim.store.add(customer))
    if params.get("payment_method"):
        saved_methods.attach(sim, {"customer": customer["id"]}, params["payment_method"])
    return customer


def retrieve(sim: Sim, params: dict, customer_id: str) -> dict:
    customer = sim.store.get("customer", customer_id)
    if not customer:
        raise missing("customer", customer_id)
    return customer


def update(sim: Sim, params: dict, customer_id: str) -> dict:
    customer = retrieve(sim, params, customer_id)
    if customer.get("deleted"):
        raise missing("customer", customer_id)
    new = unset_empty(params, *FIELDS)
    if "metadata" in params:
        new["metadata"] = merged_metadata(customer["metadata"], params["metadata"])
    default = (params.get("invoice_settings") or {}).get("default_payment_method")
    if default:
        _check_own(sim, customer_id, default)
        new["invoice_settings"] = customer["invoice_settings"] | {"default_payment_method": default}
    previous = {name: customer[name] for name in new if customer[name] != new[name]}
    emit(sim, "customer.updated", sim.store.save(customer | new), previous=previous)
    return customer | new


def _check_own(sim: Sim, customer_id: str, method_id: str) -> None:
    method = sim.store.get("payment_method", method_id)
    if not method or method["customer"] != customer_id:
        raise ApiError(
            f"The customer does not have a payment method with the ID {method_id}. "
            "The payment method must be attached to the customer.",
            param="invoice_settings[default_payment_method]",
        )


def delete(sim: Sim, params: dict, customer_id: str) -> dict:
    """Gone for good, and with it the attachment of every saved method."""
    customer = methods.owner(sim, customer_id)
    for method in sim.store.find("payment_method", customer=customer_id):
        saved_methods.detach(sim, {}, method["id"])
    gone = {"id": customer_id, "object": "customer", "deleted": True}
    sim.store.save(gone)
    emit(sim, "customer.deleted", customer)
    return gone


def listed(sim: Sim, params: dict) -> dict:
    alive: list[lists.Condition] = [("json_extract(body, '$.deleted') IS NULL", [])]
    return lists.page(sim, "customer", params, url="/v1/customers", filters=("email",), conditions=alive)
