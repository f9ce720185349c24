"""Stripe's objects as the shop's plain values.

Needs the API version that the pinned library speaks. Only what is read here is ever kept: no address, no card data beyond
brand and last four digits.
"""

from typing import Any

from checkout.gateways.base import KeptCard, Payment, RefundAnswer, RefundState, State
from checkout.gateways.stripe_money import from_stripe

STATES = {
    "requires_payment_method": State.OPEN,
    "requires_confirmation": State.OPEN,
    "requires_action": State.ACTION,
    "processing": State.PROCESSING,
    "requires_capture": State.AUTHORIZED,
    "succeeded": State.CAPTURED,
    "canceled": State.CANCELED,
}
REFUND_STATES = {
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.CANCELED,
}
BRANDS = {
    "amex": "American Express",
    "diners": "Diners Club",
    "discover": "Discover",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}


def payment(intent: dict, *, session_ref: str = "", redirect_url: str = "") -> Payment:
    """`intent` is a PaymentIntent with its latest_charge expanded (a bare id will do)."""
    charge = intent.get("latest_charge") or {}
    charge = {"id": charge} if isinstance(charge, str) else charge
    error = intent.get("last_payment_error") or {}
    currency = intent["currency"]
    return Payment(
        state=STATES[intent["status"]],
        amount=from_stripe(intent["amount"], currency),
        received=from_stripe(intent.get("amount_received") or 0, currency),
        reference=(intent.get("metadata") or {}).get("attempt", ""),
        provider_ref=intent["id"],
        session_ref=session_ref,
        is_live=bool(intent.get("livemode")),
        means=means_of(charge.get("payment_method_details") or {}),
        charge_ref=charge.get("id", ""),
        error_code=error.get("decline_code") or error.get("code") or "",
        error_message=error.get("message") or "",
        is_disputed=bool(charge.get("disputed")),
        has_refunds=bool(charge.get("amount_refunded")),
        client_secret=intent.get("client_secret") or "",
        redirect_url=redirect_url or _bank(intent),
        kept=_kept(intent, charge),
    )


def session_payment(session: dict) -> Payment:
    """A hosted Checkout session; it has a PaymentIntent only once somebody pays there."""
    intent = session.get("payment_intent")
    if isinstance(intent, dict):
        return payment(intent, session_ref=session["id"], redirect_url=session.get("url") or "")
    currency = session["currency"]
    return Payment(
        state=State.CANCELED if session["status"] == "expired" else State.OPEN,
        amount=from_stripe(session["amount_total"], currency),
        received=from_stripe(0, currency),
        reference=(session.get("metadata") or {}).get("attempt", ""),
        session_ref=session["id"],
        is_live=bool(session.get("livemode")),
        redirect_url=session.get("url") or "",
    )


def _bank(intent: dict) -> str:
    """The page of the customer's bank, where it wants to ask him."""
    action = intent.get("next_action") or {}
    return (action.get("redirect_to_url") or {}).get("url") or ""


def _kept(intent: dict, charge: dict) -> KeptCard | None:
    """The card that was paid with, if it was to be kept."""
    card = (charge.get("payment_method_details") or {}).get("card")
    wanted = intent.get("setup_future_usage") == "off_session" and intent.get("customer")
    if not (card and wanted and intent["status"] in ("succeeded", "requires_capture")):
        return None
    return KeptCard(
        provider_ref=intent["payment_method"],
        brand=BRANDS.get(card.get("brand") or "", str(card.get("brand") or "").title()),
        last4=card.get("last4") or "",
        exp_month=card.get("exp_month") or 0,
        exp_year=card.get("exp_year") or 0,
    )


def refund(found: dict) -> RefundAnswer:
    return RefundAnswer(
        provider_ref=found["id"],
        state=REFUND_STATES.get(found.get("status") or "", RefundState.PENDING),
        amount=from_stripe(found["amount"], found["currency"]),
        reference=(found.get("metadata") or {}).get("refund", ""),
        error=found.get("failure_reason") or "",
    )


def means_of(details: dict[str, Any]) -> str:
    """ "Visa •••• 4242"; the kind alone where there are no digits."""
    kind = details.get("type") or ""
    part = details.get(kind) or {}
    name = BRANDS.get(part.get("brand") or "", (part.get("brand") or kind).replace("_", " ").title())
    return f"{name} •••• {part['last4']}" if part.get("last4") else name
