"""Checkout Sessions: a payment page on the processor's side, for a shop (or a browser) that cannot mount an Element.

As with Stripe there is no PaymentIntent until the customer first tries to pay, a session lives 24 hours at most, and one that
is still open when its time is over expires, with its unpaid intent.
"""

from typing import Any

from shop.dev.stripe_sim import intents, lists, methods
from shop.dev.stripe_sim.checks import check_url, merged_metadata
from shop.dev.stripe_sim.errors import ApiError, invalid, missing, missing_reference
from shop.dev.stripe_sim.events import emit
from shop.dev.stripe_sim.ids import new_id, random_text
from shop.dev.stripe_sim.intent_facts import method_types
from shop.dev.stripe_sim.money import check_amount, check_currency
from shop.dev.stripe_sim.sim import DAY, HOUR, Sim

SECURED = ("succeeded", "processing", "requires_capture")


def create(sim: Sim, params: dict) -> dict:
    _check(sim, params)
    items = [_line(sim, item, place) for place, item in enumerate(params["line_items"])]
    currencies = {item["currency"] for item in items}
    if len(currencies) > 1:
        raise invalid("All line items must have the same currency.", param="line_items")
    currency = currencies.pop()
    delivery = _delivery(params)
    subtotal = sum(item["amount_total"] for item in items)
    check_amount(subtotal + delivery, currency, param="line_items")
    expires = params.get("expires_at", sim.now() + DAY)
    if not sim.now() + HOUR // 2 - 5 <= expires <= sim.now() + DAY + 5:
        raise invalid(
            "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    session = _facts(sim, params, currency) | {
        "amount_subtotal": subtotal,
        "amount_total": subtotal + delivery,
        "expires_at": expires,
        "shipping_cost": {"amount_subtotal": delivery, "amount_tax": 0, "amount_total": delivery, "shipping_rate": None}
        if params.get("shipping_options") else None,
        "total_details": {"amount_discount": 0, "amount_shipping": delivery, "amount_tax": 0},
        "url": None,
        "_line_items": items,
        "_intent_data": params.get("payment_intent_data", {}),
    }  # fmt: skip
    session["url"] = f"{sim.url}/c/pay/{session['id']}"
    sim.later("expire_session", session["id"], seconds=expires - sim.now())
    return sim.store.add(session)


def _check(sim: Sim, params: dict) -> None:
    if params.get("mode", "payment") != "payment" or params.get("ui_mode", "hosted_page") != "hosted_page":
        raise ApiError("This simulator has hosted pages in payment mode only.", param="mode")
    if not params.get("line_items"):
        raise invalid("You must provide line_items in `payment` mode.", param="line_items", code="parameter_missing")
    if not params.get("success_url"):
        message = "You must provide `success_url` when `ui_mode` is `hosted_page`."
        raise invalid(message, param="success_url", code="parameter_missing")
    for name in ("success_url", "cancel_url"):
        if params.get(name):
            check_url(params[name].replace("{CHECKOUT_SESSION_ID}", "x"), param=name)
    if params.get("customer") and params.get("customer_email"):
        raise invalid("You may only specify one of these parameters: customer, customer_email.", param="customer_email")
    if params.get("customer"):
        methods.owner(sim, params["customer"])


def _line(sim: Sim, item: dict, place: int) -> dict:
    at = f"line_items[{place}]"
    if item.get("price"):
        raise missing_reference("price", item["price"], param=f"{at}[price]")
    data = item.get("price_data")
    if not data or "unit_amount" not in data or not data.get("product_data"):
        raise invalid(
            "A line item needs price_data with unit_amount and product_data here: saved prices and products are not simulated.",
            param=f"{at}[price_data]",
        )
    currency = check_currency(data["currency"], param=f"{at}[price_data][currency]")
    quantity, unit = item.get("quantity", 1), data["unit_amount"]
    if unit < 0 or quantity < 1:
        raise invalid("This value must be greater than or equal to 0.", param=f"{at}[price_data][unit_amount]")
    return {
        "id": f"li_1{random_text(23)}",
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": unit * quantity,
        "amount_tax": 0,
        "amount_total": unit * quantity,
        "currency": currency,
        "description": data["product_data"]["name"],
        "metadata": {},
        "price": _price(sim, currency, unit),
        "quantity": quantity,
    }


def _price(sim: Sim, currency: str, unit: int) -> dict:
    return {
        "id": f"price_1{random_text(23)}",
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": sim.now(),
        "currency": currency,
        "livemode": False,
        "metadata": {},
        "nickname": None,
        "product": f"prod_{random_text(14)}",
        "recurring": None,
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "type": "one_time",
        "unit_amount": unit,
        "unit_amount_decimal": str(unit),
    }


def _delivery(params: dict) -> int:
    """The cost of the first delivery option, which is the one that is chosen at first."""
    options = params.get("shipping_options") or []
    data = options[0].get("shipping_rate_data") if options else None
    return data["fixed_amount"]["amount"] if data and data.get("fixed_amount") else 0


def _facts(sim: Sim, params: dict, currency: str) -> dict:
    empty = (
        "after_expiration", "allow_promotion_codes", "billing_address_collection", "client_secret", "consent",
        "consent_collection", "currency_conversion", "customer_account", "invoice", "origin_context", "payment_intent",
        "payment_link", "recovered_from", "return_url", "setup_intent", "shipping_address_collection", "subscription",
    )  # fmt: skip
    return {
        "id": new_id("checkout.session"),
        "object": "checkout.session",
        **dict.fromkeys(empty),
        "adaptive_pricing": {"enabled": False},
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "collected_information": None,
        "created": sim.now(),
        "currency": currency,
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "customer": params.get("customer"),
        "customer_creation": params.get("customer_creation", "if_required"),
        "customer_details": None,
        "customer_email": params.get("customer_email"),
        "discounts": [],
        "invoice_creation": {"enabled": False, "invoice_data": {}},
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": merged_metadata({}, params.get("metadata")),
        "mode": "payment",
        "payment_method_collection": "if_required",
        "payment_method_configuration_details": {"id": "pmc_1TillSimulated", "parent": None},
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": method_types(sim, params, currency),
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "saved_payment_method_options": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": params.get("submit_type"),
        "success_url": params["success_url"],
        "ui_mode": "hosted_page",
        "wallet_options": None,
    }


def get(sim: Sim, session_id: str) -> dict:
    session = sim.store.get("checkout.session", session_id)
    if not session:
        raise missing("checkout.session", session_id, param="session")
    return session


def retrieve(sim: Sim, params: dict, session_id: str) -> dict:
    return get(sim, session_id)


def update(sim: Sim, params: dict, session_id: str) -> dict:
    session = get(sim, session_id)
    if "metadata" in params:
        session["metadata"] = merged_metadata(session["metadata"], params["metadata"])
    return sim.store.save(session)


def listed(sim: Sim, params: dict) -> dict:
    filters = ("customer", "payment_intent", "status")
    return lists.page(sim, "checkout.session", params, url="/v1/checkout/sessions", filters=filters)


def line_items(sim: Sim, params: dict, session_id: str) -> dict:
    url = f"/v1/checkout/sessions/{session_id}/line_items"
    return {"object": "list", "url": url, "has_more": False, "data": get(sim, session_id)["_line_items"]}


def expire(sim: Sim, params: dict, session_id: str) -> dict:
    session = get(sim, session_id)
    if session["status"] != "open":
        raise ApiError(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. "
            f"This Checkout Session has a status of {session['status']}."
        )
    return close(sim, session)


def close(sim: Sim, session: dict) -> dict:
    session |= {"status": "expired", "url": None}
    sim.store.save(session)
    intent = sim.store.get("payment_intent", session["payment_intent"] or "")
    if intent and intent["status"] in intents.CONFIRMABLE:
        intents.end(sim, intent, reason="expired")
    emit(sim, "checkout.session.expired", session)
    return session


def intent_for(sim: Sim, session: dict) -> dict:
    """The session's PaymentIntent, made when the customer first tries to pay."""
    if session["payment_intent"]:
        return intents.get(sim, session["payment_intent"])
    data: dict[str, Any] = dict(session["_intent_data"])
    wanted = {
        "amount": session["amount_total"],
        "currency": session["currency"],
        "customer": session["customer"],
        "allowed_payment_method_types": session["payment_method_types"],
        **data,
    }
    intent = intents.create(sim, {name: value for name, value in wanted.items() if value is not None})
    intent["_session"] = session["id"]
    sim.store.save(intent)
    session["payment_intent"] = intent["id"]
    sim.store.save(session)
    return intent


def follow(sim: Sim, intent: dict) -> None:
    """Bring the session of an intent up to date with it; call it wherever an intent may have moved by itself."""
    session = sim.store.get("checkout.session", intent.get("_session") or "")
    if not session:
        return
    paid = intent["status"] in ("succeeded", "requires_capture")
    if session["status"] == "open" and intent["status"] in SECURED:
        session |= {"status": "complete", "url": None, "payment_status": "paid" if paid else "unpaid"}
        emit(sim, "checkout.session.completed", sim.store.save(session))
    elif session["status"] == "complete" and session["payment_status"] == "unpaid" and intent["status"] != "processing":
        session["payment_status"] = "paid" if paid else "unpaid"
        emit(sim, f"checkout.session.async_payment_{'succeeded' if paid else 'failed'}", sim.store.save(session))
