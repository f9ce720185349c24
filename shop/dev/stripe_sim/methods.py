"""PaymentMethods: a card or a bank account as the customer gave it. Of a card only which test card it is is kept.

One that is attached to a customer can be used again, by that customer only; one that is not attached can be used once.
"""

from typing import Any

from shop.dev.stripe_sim.cards import BY_METHOD, BY_NUMBER, Card, card_by_number, card_error
from shop.dev.stripe_sim.checks import merged_metadata
from shop.dev.stripe_sim.errors import ApiError, invalid, missing, missing_reference
from shop.dev.stripe_sim.ibans import clean_iban
from shop.dev.stripe_sim.ids import new_id
from shop.dev.stripe_sim.sim import Sim

NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
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


def make_card(
    sim: Sim, card: Card, data: dict, *, month: int = 8, year: int | None = None, cvc: bool = True
) -> dict:
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
    if not data.get("type"):
        raise invalid("Missing required param: type.", param="type", code="parameter_missing")
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
        raise card_error(
            "invalid_expiry_month", "Your card's expiration month is invalid.", param="exp_month"
        )
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
