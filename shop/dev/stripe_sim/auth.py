"""Who asks: a server with the secret key, or a browser with the publishable key, which may do little and see little."""

import base64
import binascii
from typing import Any

from shop.dev.stripe_sim.errors import ApiError, missing, unauthorized
from shop.dev.stripe_sim.sim import API_VERSION, Sim

NO_KEY = (
    "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. "
    "'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details."
)
# What a publishable key sees of an intent.
SHARED = (
    "id object automatic_payment_methods cancellation_reason client_secret created description livemode next_action "
    "payment_method payment_method_configuration_details payment_method_types status"
)
OF_PAYMENTS = (
    "amount amount_details canceled_at capture_method confirmation_method currency last_payment_error processing "
    "receipt_email setup_future_usage shipping source"
)
INTENT_FIELDS = {
    "payment_intent": {*SHARED.split(), *OF_PAYMENTS.split()},
    "setup_intent": {*SHARED.split(), "last_setup_error", "usage"},
}


def check(sim: Sim, headers: dict[str, str], params: dict) -> bool:
    """Whether a browser asks. Refuses a missing, a wrong and a live key, and a version of the API that is not spoken here."""
    key = _key_in(headers.get("authorization", "")) or str(params.pop("key", ""))
    if not key:
        raise unauthorized(NO_KEY)
    if key not in (sim.secret_key, sim.publishable_key):
        hidden = f"{key[:8]}{'*' * max(len(key) - 12, 4)}{key[-4:]}" if len(key) > 12 else "*" * len(key)
        raise unauthorized(f"Invalid API Key provided: {hidden}")
    version = headers.get("stripe-version", API_VERSION)
    if version != API_VERSION:
        raise ApiError(
            f"Invalid Stripe API version: {version}. This simulator speaks {API_VERSION}, the version of the pinned library.",
            stored=False,
        )
    return key == sim.publishable_key


def _key_in(authorization: str) -> str:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def check_browser(sim: Sim, allowed: bool, ids: tuple[str, ...], params: dict) -> None:
    """The publishable key opens few doors, and an intent only together with its client secret."""
    if not allowed:
        raise ApiError(
            "This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your "
            "API keys at https://dashboard.stripe.com/account/apikeys.",
            status=403,
            stored=False,
            code="secret_key_required",
        )
    if not ids:
        return
    kind = "setup_intent" if ids[0].startswith("seti_") else "payment_intent"
    intent = sim.store.get(kind, ids[0])
    if not intent:
        raise missing(kind, ids[0], param="intent")
    if "client_secret" not in params:
        raise ApiError(
            "Missing required param: client_secret.",
            stored=False,
            code="parameter_missing",
            param="client_secret",
        )
    if params["client_secret"] != intent["client_secret"]:
        raise ApiError(
            f"The client_secret provided does not match the client_secret associated with {ids[0]}.",
            stored=False,
            code=f"{kind}_invalid_parameter",
            param="client_secret",
        )


def for_browser(value: Any) -> Any:
    """The value with every intent in it cut down to what a browser may see."""
    if isinstance(value, list):
        return [for_browser(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    fields = INTENT_FIELDS.get(str(value.get("object")))
    return {name: for_browser(inner) for name, inner in value.items() if fields is None or name in fields}
