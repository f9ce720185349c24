"""What a new Checkout Session looks like, and what it may be made of."""

from shop.dev.stripe_sim import methods
from shop.dev.stripe_sim.checks import check_url, merged_metadata
from shop.dev.stripe_sim.errors import ApiError, invalid, missing_reference
from shop.dev.stripe_sim.ids import new_id, random_text
from shop.dev.stripe_sim.intent_facts import method_types
from shop.dev.stripe_sim.money import check_currency
from shop.dev.stripe_sim.sim import Sim


def check(sim: Sim, params: dict) -> None:
    if params.get("mode", "payment") != "payment" or params.get("ui_mode", "hosted_page") != "hosted_page":
        raise ApiError("This simulator has hosted pages in payment mode only.", param="mode")
    if not params.get("line_items"):
        raise invalid(
            "You must provide line_items in `payment` mode.", param="line_items", code="parameter_missing"
        )
    if not params.get("success_url"):
        message = "You must provide `success_url` when `ui_mode` is `hosted_page`."
        raise invalid(message, param="success_url", code="parameter_missing")
    for name in ("success_url", "cancel_url"):
        if params.get(name):
            check_url(params[name].replace("{CHECKOUT_SESSION_ID}", "x"), param=name)
    if params.get("customer") and params.get("customer_email"):
        raise invalid(
            "You may only specify one of these parameters: customer, customer_email.", param="customer_email"
        )
    if params.get("customer"):
        methods.owner(sim, params["customer"])


def line(sim: Sim, item: dict, place: int) -> dict:
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
        raise invalid(
            "This value must be greater than or equal to 0.", param=f"{at}[price_data][unit_amount]"
        )
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
        "price": price(sim, currency, unit),
        "quantity": quantity,
    }


def price(sim: Sim, currency: str, unit: int) -> dict:
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


def delivery(params: dict) -> int:
    """The cost of the first delivery option, which is the one that is chosen at first."""
    options = params.get("shipping_options") or []
    data = options[0].get("shipping_rate_data") if options else None
    return data["fixed_amount"]["amount"] if data and data.get("fixed_amount") else 0


def facts(sim: Sim, params: dict, currency: str) -> dict:
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
        "custom_text": dict.fromkeys(
            ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
        ),
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
