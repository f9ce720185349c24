"""PaymentIntents: the state machine of one payment, from `requires_payment_method` to `succeeded` or `canceled`.

https://docs.stripe.com/payments/paymentintents/lifecycle. An intent charges its customer once, however often it is confirmed.
"""

from shop.dev.stripe_sim import confirming, intent_facts, lists, methods
from shop.dev.stripe_sim.checks import check_descriptor, check_url, merged_metadata, unset_empty
from shop.dev.stripe_sim.errors import ApiError, invalid, missing, unexpected_state
from shop.dev.stripe_sim.events import emit
from shop.dev.stripe_sim.money import check_amount, check_currency
from shop.dev.stripe_sim.sim import Sim

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
SETTLED_FIELDS = (
    "amount",
    "currency",
    "payment_method",
    "payment_method_data",
    "setup_future_usage",
    "capture_method",
)
NEEDS_RETURN_URL = (
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment "
    "methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept "
    "redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and "
    "`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents."
)
NEEDS_MANDATE = (
    "This PaymentIntent requires a mandate, but no existing mandate was found. Collect mandate acceptance from the customer "
    "and try again, providing acceptance data in the mandate_data parameter."
)


def create(sim: Sim, params: dict) -> dict:
    for name in ("off_session", "return_url", "error_on_requires_action", "mandate_data"):
        if params.get(name) and not params.get("confirm"):
            raise invalid(f"You can only set `{name}` when `confirm` is true.", param=name)
    intent = intent_facts.make(sim, params)
    _take_method(sim, intent, params)
    emit(sim, "payment_intent.created", sim.store.save(intent))
    return _confirmed(sim, intent, params) if params.get("confirm") else intent


def get(sim: Sim, intent_id: str) -> dict:
    intent = sim.store.get("payment_intent", intent_id)
    if not intent:
        raise missing("payment_intent", intent_id, param="intent")
    return intent


def retrieve(sim: Sim, params: dict, intent_id: str) -> dict:
    return get(sim, intent_id)


def listed(sim: Sim, params: dict) -> dict:
    return lists.page(sim, "payment_intent", params, url="/v1/payment_intents", filters=("customer",))


def update(sim: Sim, params: dict, intent_id: str) -> dict:
    """Change what is not decided yet. A new amount or method wants a new confirmation."""
    intent = get(sim, intent_id)
    if intent["status"] not in CONFIRMABLE:
        fixed = next((name for name in SETTLED_FIELDS if name in params), None)
        if fixed:
            raise unexpected_state(
                f"This PaymentIntent's {fixed} could not be updated because it has a status of {intent['status']}. You may "
                f"only update the {fixed} of a PaymentIntent with one of the following statuses: {', '.join(CONFIRMABLE)}.",
                intent,
            )
    _change(sim, intent, params)
    _take_method(sim, intent, params)
    if intent["status"] == "requires_action" and {"amount", "currency"} & set(params):
        intent |= {"status": "requires_confirmation", "next_action": None, "_challenge": None}
    if intent["status"] in CONFIRMABLE:
        intent["last_payment_error"] = None
    return sim.store.save(intent)


def _change(sim: Sim, intent: dict, params: dict) -> None:
    currency = check_currency(params["currency"]) if params.get("currency") else intent["currency"]
    if "amount" in params or "currency" in params:
        check_amount(params.get("amount", intent["amount"]), currency)
        intent |= {"amount": params.get("amount", intent["amount"]), "currency": currency}
    if params.get("customer"):
        if intent["customer"] not in (None, params["customer"]):
            raise ApiError(
                "The customer of a PaymentIntent cannot be changed once it is set.", param="customer"
            )
        intent["customer"] = methods.owner(sim, params["customer"])["id"]
    if "shipping" in params:
        intent["shipping"] = intent_facts.shipping(params["shipping"])
    if "metadata" in params:
        intent["metadata"] = merged_metadata(intent["metadata"], params["metadata"])
    check_descriptor(params.get("statement_descriptor_suffix"), param="statement_descriptor_suffix")
    intent |= unset_empty(
        params,
        "description",
        "receipt_email",
        "setup_future_usage",
        "statement_descriptor_suffix",
        "capture_method",
    )
    if params.get("payment_method_options"):
        intent["payment_method_options"] = intent_facts.method_options(
            intent, params["payment_method_options"]
        )


def _take_method(sim: Sim, intent: dict, params: dict) -> None:
    method = _chosen(sim, intent, params)
    if method:
        intent |= {
            "payment_method": method["id"],
            "status": "requires_confirmation",
            "next_action": None,
            "_challenge": None,
        }


def _chosen(sim: Sim, intent: dict, params: dict) -> dict | None:
    """The PaymentMethod that the parameters name or describe, if they do, and if this intent may be paid with it."""
    if params.get("confirmation_token"):
        raise ApiError("Confirmation tokens are not part of this simulator.", param="confirmation_token")
    if params.get("payment_method_data"):
        method = methods.from_data(sim, params["payment_method_data"])
    elif params.get("payment_method"):
        method = methods.usable(sim, params["payment_method"], customer=intent["customer"])
    else:
        return None
    if method["type"] not in intent["payment_method_types"]:
        allowed = ", ".join(intent["payment_method_types"])
        raise ApiError(
            f"The PaymentMethod provided ({method['type']}) is not allowed for this PaymentIntent. Please attach a "
            f"PaymentMethod of one of the following types: {allowed}.",
            param="payment_method",
        )
    return method


def confirm(sim: Sim, params: dict, intent_id: str) -> dict:
    return _confirmed(sim, get(sim, intent_id), params)


def _confirmed(sim: Sim, intent: dict, params: dict) -> dict:
    _check_confirmable(intent)
    _change(
        sim,
        intent,
        {name: params[name] for name in params if name not in ("amount", "currency", "customer", "metadata")},
    )
    method = _chosen(sim, intent, params)
    if not method:
        if not intent["payment_method"]:
            raise unexpected_state(
                "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the "
                "PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment "
                "method or ConfirmationToken.",
                intent,
            )
        method = methods.usable(sim, intent["payment_method"], customer=intent["customer"])
    _check_means(sim, intent, method, params)
    intent |= {
        "_off_session": bool(params.get("off_session")),
        "_error_on_requires_action": bool(params.get("error_on_requires_action")),
        "_return_url": params.get("return_url"),
        "_use_sdk": bool(params.get("use_stripe_sdk", sim.asked.browser)),
    }
    return confirming.start(sim, intent, method)


def _check_confirmable(intent: dict) -> None:
    if intent["status"] in ("succeeded", "requires_capture"):
        raise unexpected_state(
            "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.",
            intent,
        )
    if intent["status"] not in CONFIRMABLE:
        raise unexpected_state(
            f"You cannot confirm this PaymentIntent because it has a status of {intent['status']}. Only a PaymentIntent with "
            f"one of the following statuses may be confirmed: {', '.join(CONFIRMABLE)}.",
            intent,
        )


def _check_means(sim: Sim, intent: dict, method: dict, params: dict) -> None:
    """What a confirmation must bring along: where to return to, and for a debit from a server the mandate."""
    if params.get("return_url"):
        check_url(params["return_url"], param="return_url")
    automatic = intent["automatic_payment_methods"]
    redirects = automatic and automatic["allow_redirects"] == "always"
    if redirects and not params.get("return_url") and not sim.asked.browser:
        raise ApiError(NEEDS_RETURN_URL)
    if (
        method["type"] == "sepa_debit"
        and not sim.asked.browser
        and not method["_set_up"]
        and not params.get("mandate_data")
    ):
        raise ApiError(NEEDS_MANDATE, code="payment_intent_mandate_invalid", payment_intent=intent)
