"""Stripe Tax: one calculation for one purchase. Source: docs.stripe.com/api/tax/calculations.

Each part is a line of its own, delivery too, named by its place in the list, so that what comes back can be laid beside what
was asked. Amounts contain the tax or do not, as our own zone says. A gift card and whoever is relieved are asked as such.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from checkout.gateways.base import GatewayRefused, GatewayUnavailable
from checkout.gateways.stripe_client import answers, tax_client
from checkout.gateways.stripe_money import ROUND_TO_10, UNCLEAR, from_stripe, to_stripe
from checkout.quote import QuoteTax
from checkout.taxing.asked import Purchase
from checkout.taxing.base import EXEMPT, NO_RATE, VOUCHER, Kind, Part
from shop.core.money import Money

DELIVERY_CODE, UNTAXED_CODE = "txcd_92010001", "txcd_00000000"
CODES = {Kind.GOODS: "txcd_99999999", Kind.DIGITAL: "txcd_10000000"}


class NoAnswer(Exception):
    """None in time, or none that fits what was asked."""


def calculate(
    parts: Sequence[Part], purchase: Purchase, *, is_inclusive: bool, codes: Mapping[str, str]
) -> tuple[str, list[tuple[QuoteTax, ...]]]:
    """(Stripe's id, the taxes of each part). `codes` are Stripe's codes of our tax classes. Raises NoAnswer."""
    if purchase.currency in ROUND_TO_10 | UNCLEAR:
        raise NoAnswer(f"{purchase.currency} cannot be asked exactly")
    behaviour = "inclusive" if is_inclusive else "exclusive"
    lines = [
        {
            "amount": to_stripe(Money(part.minor, purchase.currency)),
            "reference": f"part-{number}",
            "tax_behavior": behaviour,
            "tax_code": _code(part, codes),
        }
        for number, part in enumerate(parts)
    ]
    params: Any = {
        "currency": purchase.currency.lower(),
        "line_items": lines,
        "customer_details": _customer(purchase),
        "expand": ["line_items.data.tax_breakdown"],
    }
    try:
        with answers():
            found: Any = tax_client().v1.tax.calculations.create(params=params)
        return str(found.id), _laid_beside(parts, found.line_items.data, is_inclusive, purchase)
    except (
        GatewayRefused,
        GatewayUnavailable,
        AttributeError,
        KeyError,
        InvalidOperation,
        ValueError,
    ) as problem:
        raise NoAnswer(str(problem)) from problem


def _code(part: Part, codes: Mapping[str, str]) -> str:
    if part.kind == Kind.VOUCHER:
        return UNTAXED_CODE
    return DELIVERY_CODE if part.is_delivery else codes.get(part.tax_class) or CODES[part.kind]


def _customer(purchase: Purchase) -> dict[str, Any]:
    """Whether a VAT id is good was decided by us, with the register: Stripe does not check them."""
    address = {
        "country": purchase.country,
        "state": purchase.region,
        "postal_code": purchase.postcode,
        "city": purchase.city,
        "line1": purchase.street,
    }
    told: dict[str, Any] = {
        "address": {name: text for name, text in address.items() if text},
        "address_source": "shipping",
    }
    if purchase.relief:
        override = "customer_exempt" if purchase.relief == EXEMPT else "reverse_charge"
        return told | {"taxability_override": override}
    return told


def _laid_beside(
    parts: Sequence[Part], lines: Sequence[Any], is_inclusive: bool, purchase: Purchase
) -> list[tuple[QuoteTax, ...]]:
    """The taxes of each part, in our order. Raises ValueError where the answer is to another question."""
    found = {line.reference: line for line in lines}
    told = []
    for number, part in enumerate(parts):
        line = found[f"part-{number}"]
        charged = from_stripe(line.amount_tax, purchase.currency).minor
        if line.amount != to_stripe(Money(part.minor, purchase.currency)) or not 0 <= charged <= part.minor:
            raise ValueError(f"part {number} came back as something else")
        told.append(_taxes(part, line, charged, is_inclusive, purchase))
    return told


def _taxes(
    part: Part, line: Any, charged: int, is_inclusive: bool, purchase: Purchase
) -> tuple[QuoteTax, ...]:
    net = part.minor - charged if is_inclusive else part.minor
    if not charged:
        reason = VOUCHER if part.kind == Kind.VOUCHER else purchase.relief or NO_RATE
        return (QuoteTax("", Decimal(0), net, 0, reason),)
    rows = [row for row in line.tax_breakdown if row.amount]
    shares = Money(charged, "").share([row.amount for row in rows])
    return tuple(
        QuoteTax(
            row.tax_rate_details.display_name[:40],
            Decimal(row.tax_rate_details.percentage_decimal),
            net,
            share.minor,
        )
        for row, share in zip(rows, shares, strict=True)
    )
