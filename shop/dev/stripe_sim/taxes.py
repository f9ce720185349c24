"""Tax calculations (Stripe Tax): rates of a few places, half up on each line, amounts with the tax in them or without."""

from decimal import ROUND_HALF_UP, Decimal

from shop.dev.stripe_sim.errors import invalid, missing
from shop.dev.stripe_sim.ids import new_id
from shop.dev.stripe_sim.sim import Sim

DAYS = 24 * 3600
NOT_TAXED = "txcd_00000000"
LIVED = 90 * DAYS  # as the documentation says
EUROPE = {
    "AT": "20.0",
    "BE": "21.0",
    "DE": "19.0",
    "ES": "21.0",
    "FI": "25.5",
    "FR": "20.0",
    "IT": "22.0",
    "NL": "21.0",
}
STATES = {"CA": "7.25", "NY": "4.0", "TX": "6.25", "WA": "6.5"}


def create(sim: Sim, params: dict) -> dict:
    details = params.get("customer_details") or {}
    address = details.get("address") or {}
    if not address.get("country"):
        raise invalid(
            "Customer details must have an address with a country.", param="customer_details[address]"
        )
    percent, kind = _rate(address)
    relief = _relief(details, address, kind)
    lines = [_line(line, percent, kind, relief) for line in params["line_items"]]
    shipping = _shipping(params.get("shipping_cost"), percent, kind, relief)
    parts = [*lines, *([shipping] if shipping else [])]
    exclusive = sum(part["amount_tax"] for part in parts if part["tax_behavior"] == "exclusive")
    inclusive = sum(part["amount_tax"] for part in parts if part["tax_behavior"] == "inclusive")
    calculation = {
        "id": new_id("tax.calculation"),
        "object": "tax.calculation",
        "amount_total": sum(part["amount"] for part in parts) + exclusive,
        "currency": params["currency"].lower(),
        "customer": None,
        "customer_details": {
            "address": {
                name: address.get(name)
                for name in ("city", "country", "line1", "line2", "postal_code", "state")
            },
            "address_source": details.get("address_source", "billing"),
            "ip_address": None,
            "tax_ids": details.get("tax_ids", []),
            "taxability_override": details.get("taxability_override", "none"),
        },
        "expires_at": sim.now() + LIVED,
        "line_items": {
            "object": "list",
            "data": lines,
            "has_more": False,
            "url": "/v1/tax/calculations/line_items",
        },
        "livemode": False,
        "ship_from_details": params.get("ship_from_details"),
        "shipping_cost": shipping,
        "tax_amount_exclusive": exclusive,
        "tax_amount_inclusive": inclusive,
        "tax_breakdown": [],
        "tax_date": params.get("tax_date", sim.now()),
    }
    return sim.store.add(calculation)


def retrieve(sim: Sim, params: dict, calculation_id: str) -> dict:
    found = sim.store.get("tax.calculation", calculation_id)
    if not found:
        raise missing("tax calculation", calculation_id)
    return found


def _rate(address: dict) -> tuple[str, str]:
    """(per cent, kind of tax); nothing is collected elsewhere."""
    country = address["country"]
    if country == "US":
        return STATES.get(address.get("state", ""), "0.0"), "sales_tax"
    return EUROPE.get(country, "0.0"), "vat"


def _relief(details: dict, address: dict, kind: str) -> str:
    override = details.get("taxability_override", "none")
    if override != "none":
        return override
    european = any(
        one["type"] == "eu_vat" and one["value"][:2] == address["country"]
        for one in details.get("tax_ids", [])
    )
    return "reverse_charge" if european and kind == "vat" else ""


def _line(line: dict, percent: str, kind: str, relief: str) -> dict:
    return {
        "id": new_id("tax.calculation_line_item"),
        "object": "tax.calculation_line_item",
        **_taxed(line, percent, kind, relief),
        "livemode": False,
        "metadata": line.get("metadata"),
        "product": line.get("product"),
        "quantity": line.get("quantity", 1),
        "reference": line.get("reference", ""),
        "tax_code": line.get("tax_code", "txcd_99999999"),
    }


def _shipping(cost: dict | None, percent: str, kind: str, relief: str) -> dict | None:
    if not cost:
        return None
    return {**_taxed(cost, percent, kind, relief), "tax_code": cost.get("tax_code", "txcd_92010001")}


def _taxed(part: dict, percent: str, kind: str, relief: str) -> dict:
    """Amounts and their breakdown; `percentage_decimal` is text, as Stripe sends it."""
    amount, behaviour = part["amount"], part.get("tax_behavior", "exclusive")
    untaxed = bool(relief) or part.get("tax_code") == NOT_TAXED
    rate = Decimal(0) if untaxed else Decimal(percent)
    base = amount * rate / ((100 + rate) if behaviour == "inclusive" else 100)
    tax = int(base.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    reason = (relief if relief == "reverse_charge" else "customer_exempt") if relief else ""
    reason = reason or (
        "not_collecting" if not Decimal(percent) else "product_exempt" if untaxed else "standard_rated"
    )
    return {
        "amount": amount,
        "amount_tax": tax,
        "tax_behavior": behaviour,
        "tax_breakdown": [
            {
                "amount": tax,
                "sourcing": "destination",
                "tax_rate_details": {
                    "display_name": "VAT" if kind == "vat" else "Sales Tax",
                    "percentage_decimal": str(rate),
                    "tax_type": kind,
                },
                "taxability_reason": reason,
                "taxable_amount": amount - tax if behaviour == "inclusive" else amount,
            }
        ],
    }
