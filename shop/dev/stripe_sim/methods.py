"""PaymentMethods: a card or a bank account as the customer gave it. The number itself is never kept, only which test card it is.

One that is attached to a customer can be used again, by that customer only; one that is not attached can be used once.
"""

from typing import Any

from shop.dev.stripe_sim import lists
from shop.dev.stripe_sim.cards import BY_METHOD, BY_NUMBER, Card, card_by_number, card_error, decline_message
from shop.dev.stripe_sim.checks import merged_metadata
from shop.dev.stripe_sim.errors import ApiError, invalid, missing, missing_reference
from shop.dev.stripe_sim.events import emit
from shop.dev.stripe_sim.ibans import clean_iban
from shop.dev.stripe_sim.ids import new_id
from shop.dev.stripe_sim.sim import Sim

NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
NO_DETAILS = {"address": NO_ADDRESS, "email": None, "name": None, "phone": None, "tax_id": None}
USED = (
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected "
    "account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod "
    "multiple times, you must attach it to a Customer first."
)


def billing_details(given: Any) -> dict:
    given = given or {}
    plain = {name: given.get(name) or None for name in ("email", "name", "phone", "tax_id")}
    return {**plain, "address": NO_ADDRESS | {k: v or None for k, v in (given.get("address") or {}).items()}}


def _make(sim: Sim, kind: str, data: dict, **own: Any) -> dict:
    return sim.store.add(
        {
            "id": new_id("payment_method"),
            "object": "payment_method",
            "allow_redisplay": data.get("allow_redisplay", "unspecified"),
            "billing_details": billing_details(data.get("billing_details")),
            "created": sim.now(),
            "customer": None,
            "livemode": False,
            "metadata": merged_metadata({}, data.get("metadata")),
            "type": kind,
            "_used": False,
            **own,
        }
    )


def make_card(sim: Sim, card: Card, data: dict, *, month: int = 8, year: int | None = None, cvc: bool = True) -> dict:
    details = billing_details(data.get("billing_details"))["address"]
    facts = {
        "brand": card.brand,
        "checks": {
            "address_line1_check": "pass" if details["line1"] else None,
            "address_postal_code_check": card.postal_check if details["postal_code"] else None,
            "cvc_check": card.cvc_check if cvc else None,
        },
        "country": card.country,
        "display_brand": card.brand,
        "exp_month": month,
        "exp_year": year or sim.today().year + 3,
        "fingerprint": card.fingerprint,
        "funding": card.funding,
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": card.auth != "none"},
        "wallet": None,
    }
    return _make(sim, "card", data, card=facts, _card=card.number, _set_up=False)


def from_data(sim: Sim, data: dict) -> dict:
    """A PaymentMethod from what was typed into a form (or from `payment_method_data` of a server that may send it)."""
    if data["type"] == "card":
        return _card_from(sim, data)
    if data["type"] == "sepa_debit":
        return _debit_from(sim, data)
    raise ApiError(f"The payment method type '{data['type']}' is not part of this simulator.", param="type")


def _card_from(sim: Sim, data: dict) -> dict:
    given = data.get("card") or {}
    if not given.get("number"):
        raise invalid("Missing required param: card[number].", param="card[number]", code="parameter_missing")
    if not sim.asked.browser:
        raise card_error(
            "card_declined",
            "Sending credit card numbers directly to the Stripe API is generally unsafe. We suggest you use test tokens that "
            "map to the test card you are using, see https://stripe.com/docs/testing.",
        )
    card = card_by_number(given["number"])
    month, year = int(given.get("exp_month") or 0), int(given.get("exp_year") or 0)
    year += 2000 if 0 < year < 100 else 0
    _check_expiry(sim, month, year)
    cvc = str(given.get("cvc") or "")
    if cvc and (not cvc.isdigit() or len(cvc) != (4 if card.brand == "amex" else 3)):
        raise card_error("invalid_cvc", "Your card's security code is invalid.", param="cvc")
    return make_card(sim, card, data, month=month, year=year, cvc=bool(cvc))


def _check_expiry(sim: Sim, month: int, year: int) -> None:
    if not 1 <= month <= 12:
        raise card_error("invalid_expiry_month", "Your card's expiration month is invalid.", param="exp_month")
    today = sim.today()
    if not (today.year, today.month) <= (year, month) <= (today.year + 50, 12):
        raise card_error("invalid_expiry_year", "Your card's expiration year is invalid.", param="exp_year")


def _debit_from(sim: Sim, data: dict) -> dict:
    iban = clean_iban((data.get("sepa_debit") or {}).get("iban", ""))
    details = data.get("billing_details") or {}
    for name in ("name", "email"):
        if not details.get(name):
            at = f"billing_details[{name}]"
            raise invalid(f"Missing required param: {at}.", param=at, code="parameter_missing")
    facts = {
        "bank_code": iban[4:12],
        "branch_code": "",
        "country": iban[:2],
        "fingerprint": Card(iban, "", "").fingerprint,
        "generated_from": {"charge": None, "setup_attempt": None},
        "last4": iban[-4:],
    }
    return _make(sim, "sepa_debit", data, sepa_debit=facts, _iban=iban, _set_up=False)


def owner(sim: Sim, customer_id: str) -> dict:
    """The customer whom a parameter names; a deleted one is missing."""
    customer = sim.store.get("customer", customer_id)
    if not customer or customer.get("deleted"):
        raise missing_reference("customer", customer_id, param="customer")
    return customer


def usable(sim: Sim, method_id: str, *, customer: str | None, param: str = "payment_method") -> dict:
    """The PaymentMethod to pay with now; `pm_card_…` makes a fresh one. Refuses somebody else's, and a used one."""
    method = _named(sim, method_id)
    if not method:
        raise missing_reference("PaymentMethod", method_id, param=param)
    if method["customer"] and not customer:
        raise ApiError(
            f"The PaymentMethod supplied ({method_id}) belongs to a Customer. "
            "Please include the Customer in the `customer` parameter on the PaymentIntent.",
            param=param,
        )
    if method["customer"] and method["customer"] != customer:
        raise ApiError(
            f"The customer does not have a payment method with the ID {method_id}. "
            "The payment method must be attached to the customer.",
            param=param,
        )
    if method["_used"] and not method["customer"]:
        raise ApiError(USED, param=param)
    return method


def _named(sim: Sim, method_id: str) -> dict | None:
    if method_id in BY_METHOD:
        return make_card(sim, BY_METHOD[method_id], {})
    return sim.store.get("payment_method", method_id)


def card_of(method: dict) -> Card | None:
    return BY_NUMBER[method["_card"]] if method["type"] == "card" else None


def get(sim: Sim, method_id: str) -> dict:
    method = _named(sim, method_id)
    if not method:
        raise missing("PaymentMethod", method_id, param="payment_method")
    return method


def create(sim: Sim, params: dict) -> dict:
    return from_data(sim, params)


def retrieve(sim: Sim, params: dict, method_id: str) -> dict:
    return get(sim, method_id)


def update(sim: Sim, params: dict, method_id: str) -> dict:
    method = get(sim, method_id)
    if not method["customer"]:
        raise ApiError("You must save this PaymentMethod to a customer before you can update it.")
    if "billing_details" in params:
        method["billing_details"] = billing_details(method["billing_details"] | params["billing_details"])
    if "metadata" in params:
        method["metadata"] = merged_metadata(method["metadata"], params["metadata"])
    if "allow_redisplay" in params:
        method["allow_redisplay"] = params["allow_redisplay"]
    emit(sim, "payment_method.updated", sim.store.save(method))
    return method


def attach(sim: Sim, params: dict, method_id: str) -> dict:
    customer = owner(sim, params.get("customer", ""))
    method = get(sim, method_id)
    if method["customer"] and method["customer"] != customer["id"]:
        raise ApiError("The payment method you provided has already been attached to a customer.", code="payment_method_in_use")
    if method["_used"] and not method["customer"]:
        raise ApiError(USED)
    card = card_of(method)
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
    method = get(sim, method_id)
    if not method["customer"]:
        raise ApiError("The payment method you provided is not attached to a customer so detachment is impossible.")
    previous = {"customer": method["customer"]}
    method |= {"customer": None, "_used": True}
    emit(sim, "payment_method.detached", sim.store.save(method), previous=previous)
    return method


def listed(sim: Sim, params: dict, customer_id: str | None = None) -> dict:
    """The methods of one customer. Without a customer Stripe's list has only Treasury's, which is none here."""
    customer = customer_id or params.get("customer")
    if not customer:
        return {"object": "list", "url": "/v1/payment_methods", "has_more": False, "data": []}
    owner(sim, customer)
    url = f"/v1/customers/{customer_id}/payment_methods" if customer_id else "/v1/payment_methods"
    return lists.page(sim, "payment_method", params | {"customer": customer}, url=url, filters=("customer", "type"))
