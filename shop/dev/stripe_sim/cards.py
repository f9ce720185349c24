"""Stripe's test cards (https://docs.stripe.com/testing) and what each of them does. Nothing here is a real card.

`auth` says when the issuer wants 3-D Secure: `none` and `not_enrolled` (never), `optional` (when asked for), `required`
(always), `unless_set_up` (always on session; off session not once it was set up), `already_set_up` (on session only).
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from shop.dev.stripe_sim.errors import ApiError

MESSAGES = {
    "card_declined": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "card_velocity_exceeded": (
        "Your card was declined for making repeated attempts too frequently or exceeding its amount limit."
    ),
    "authentication_required": "Your card was declined. This transaction requires authentication.",
    "test_mode_live_card": (
        "Your card was declined. Your request was in test mode, but used a non test (live) card. "
        "For a list of valid test cards, visit: https://stripe.com/docs/testing."
    ),
}


@dataclass(frozen=True)
class Card:
    number: str
    method: str  # the ready-made PaymentMethod id that stands for this card in test code
    does: str  # in words, for the list of cards
    brand: str = "visa"
    funding: str = "credit"
    country: str = "US"
    decline: tuple[str, str | None] | None = None  # (code, decline_code) of every charge
    attaches: bool = True
    auth: str = "not_enrolled"
    lookup_fails: bool = False  # the 3-D Secure server answers with an error
    dispute: str | None = None
    refund: str = "succeeded"
    risk: str = "normal"
    cvc_check: str = "pass"
    postal_check: str = "pass"

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def fingerprint(self) -> str:
        """The same for the same card, whoever enters it."""
        return hashlib.sha256(f"till:{self.number}".encode()).hexdigest()[:16]


def _refused(number: str, method: str, code: str, decline_code: str | None = None, **more: object) -> Card:
    words = f"Declined: {decline_code or code}"
    return Card(number, method, words, decline=(code, decline_code), attaches=False, **more)  # type: ignore[arg-type]


CARDS = [
    Card("4242424242424242", "pm_card_visa", "Succeeds"),
    Card("4000056655665556", "pm_card_visa_debit", "Succeeds (debit)", funding="debit"),
    Card("5555555555554444", "pm_card_mastercard", "Succeeds", brand="mastercard"),
    Card("5200828282828210", "pm_card_mastercard_debit", "Succeeds (debit)", brand="mastercard", funding="debit"),
    Card("5105105105105100", "pm_card_mastercard_prepaid", "Succeeds (prepaid)", brand="mastercard", funding="prepaid"),
    Card("378282246310005", "pm_card_amex", "Succeeds; knows no 3-D Secure", brand="amex", auth="none"),
    Card("6011111111111117", "pm_card_discover", "Succeeds", brand="discover"),
    Card("3056930009020004", "pm_card_diners", "Succeeds", brand="diners"),
    Card("3566002020360505", "pm_card_jcb", "Succeeds", brand="jcb"),
    Card("6200000000000005", "pm_card_unionpay", "Succeeds", brand="unionpay"),
    Card("4000002760000016", "pm_card_de", "Succeeds (Germany)", country="DE"),
    Card("4000000400000008", "pm_card_at", "Succeeds (Austria)", country="AT"),
    Card("4000002500000003", "pm_card_fr", "Succeeds (France)", country="FR"),
    Card("4000008260000000", "pm_card_gb", "Succeeds (United Kingdom)", country="GB"),
    Card("4000007560000009", "pm_card_ch", "Succeeds (Switzerland)", country="CH"),
    Card("4000005280000002", "pm_card_nl", "Succeeds (Netherlands)", country="NL"),
    _refused("4000000000000002", "pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
    _refused("4000000000009995", "pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
    _refused("4000000000009987", "pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
    _refused("4000000000009979", "pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card"),
    _refused("4000000000000069", "pm_card_chargeDeclinedExpiredCard", "expired_card"),
    _refused("4000000000000127", "pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", cvc_check="fail"),
    _refused("4000000000000119", "pm_card_chargeDeclinedProcessingError", "processing_error"),
    _refused(
        "4000000000006975", "pm_card_visa_chargeDeclinedVelocityLimitExceeded", "card_declined", "card_velocity_exceeded"
    ),
    _refused("4100000000000019", "pm_card_radarBlock", "card_declined", "fraudulent", risk="highest"),
    Card(
        "4000000000000341", "pm_card_chargeCustomerFail", "Can be saved; every charge is declined",
        decline=("card_declined", "generic_decline"),
    ),
    Card("4000000000009235", "pm_card_riskLevelElevated", "Succeeds; elevated risk", risk="elevated"),
    Card("4000000000000101", "pm_card_cvcCheckFail", "Succeeds; the security code's check fails", cvc_check="fail"),
    Card("4000000000000036", "pm_card_avsZipFail", "Succeeds; the postal code's check fails", postal_check="fail"),
    Card("4000002500003155", "pm_card_authenticationRequiredOnSetup", "3-D Secure, unless set up", auth="unless_set_up"),
    Card("4000002760003184", "pm_card_authenticationRequired", "3-D Secure on every payment", auth="required"),
    Card(
        "4000003800000446", "pm_card_authenticationRequiredSetupForOffSession", "3-D Secure, on session only",
        auth="already_set_up",
    ),
    Card(
        "4000008260003178", "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
        "3-D Secure, then declined: insufficient_funds", auth="required", decline=("card_declined", "insufficient_funds"),
    ),
    Card("4000000000003220", "pm_card_threeDSecure2Required", "3-D Secure on every payment", auth="required"),
    Card("4000000000003063", "pm_card_threeDSecureRequired", "3-D Secure on every payment", auth="required"),
    Card(
        "4000008400001629", "pm_card_threeDSecureRequiredChargeDeclined", "3-D Secure, then declined",
        auth="required", decline=("card_declined", "generic_decline"),
    ),
    Card(
        "4000008400001280", "pm_card_threeDSecureRequiredProcessingError", "3-D Secure fails with an error: declined",
        auth="required", lookup_fails=True,
    ),
    Card("4000000000003055", "pm_card_threeDSecureOptional", "Succeeds; 3-D Secure when asked for", auth="optional"),
    Card("4000000000000259", "pm_card_createDispute", "Succeeds, then disputed: fraudulent", dispute="fraudulent"),
    Card(
        "4000000000002685", "pm_card_createDisputeProductNotReceived", "Succeeds, then disputed: not received",
        dispute="product_not_received",
    ),
    Card("4000000000001976", "pm_card_createDisputeInquiry", "Succeeds, then an inquiry", dispute="inquiry"),
    Card("4000000000007726", "pm_card_pendingRefund", "Succeeds; a refund is pending first", refund="pending"),
    Card("4000000000005126", "pm_card_refundFail", "Succeeds; a refund fails later", refund="failed"),
    Card("4000000000000077", "pm_card_bypassPending", "Succeeds; the money is available at once"),
]  # fmt: skip
BY_NUMBER = {card.number: card for card in CARDS} | {
    "2223003122003222": Card("2223003122003222", "pm_card_mastercard", "Succeeds", brand="mastercard"),
    "371449635398431": Card("371449635398431", "pm_card_amex", "Succeeds", brand="amex", auth="none"),
    "6011000990139424": Card("6011000990139424", "pm_card_discover", "Succeeds", brand="discover"),
}
BY_METHOD = {card.method: card for card in CARDS} | {
    card.method.replace("_visa_", "_"): card for card in CARDS if card.decline and "_visa_" in card.method
}


def passes_luhn(number: str) -> bool:
    digits = [int(sign) for sign in reversed(number)]
    total = sum(digits[0::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return total % 10 == 0


def card_by_number(number: str) -> Card:
    """The test card with this number; refuses wrong numbers, and numbers that are no test card as Stripe's test mode does."""
    digits = number.replace(" ", "").replace("-", "")
    if not digits.isascii() or not digits.isdigit() or not 12 <= len(digits) <= 19 or not passes_luhn(digits):
        raise card_error("incorrect_number", "Your card number is incorrect.", param="number")
    if digits not in BY_NUMBER:
        raise card_error("card_declined", MESSAGES["test_mode_live_card"], decline_code="test_mode_live_card")
    return BY_NUMBER[digits]


def card_error(code: str, message: str, **details: Any) -> ApiError:
    return ApiError(message, status=402, kind="card_error", code=code, **details)


def decline_message(code: str, decline_code: str | None) -> str:
    return MESSAGES.get(decline_code or "") or MESSAGES.get(code) or MESSAGES["card_declined"]
