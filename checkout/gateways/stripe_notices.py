"""Stripe's webhooks: who sent them, whether they are for us, and which object to look at again.

The signature is computed over the raw body with a secret of ours; every configured secret is tried, so that secrets can be
exchanged without a gap. Old signatures are refused (SHOP_STRIPE_WEBHOOK_TOLERANCE), and so is the other mode's traffic: a
test event must never confirm a real order.
"""

import json
from datetime import UTC, datetime
from typing import Any

import stripe
from django.conf import settings

from checkout.gateways.base import NoticeRefused, ProviderNotice

# The endpoint subscribes to these and nothing else; the same list is asked for when events are read back.
KINDS = [
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.requires_action",
    "payment_intent.amount_capturable_updated",
    "payment_intent.canceled",
    "checkout.session.completed",
    "checkout.session.expired",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
]


def is_live_key(key: str) -> bool:
    return key.startswith(("sk_live_", "rk_live_"))


def parse(body: bytes, signature: str) -> ProviderNotice:
    """Raises NoticeRefused."""
    secrets = [secret for secret in settings.SHOP_STRIPE_WEBHOOK_SECRETS if secret.strip()]
    if not any(_is_signed(body, signature, secret) for secret in secrets):
        raise NoticeRefused("the signature fits none of our secrets, or is too old")
    try:
        event = json.loads(body)
        found = event["data"]["object"]
        if event["object"] != "event" or not event["id"] or not event["type"] or not found["object"]:
            raise KeyError("object")
    except (ValueError, KeyError, TypeError) as error:
        raise NoticeRefused("signed, but not an event") from error
    if bool(event.get("livemode")) != is_live_key(settings.SHOP_STRIPE_SECRET_KEY):
        raise NoticeRefused("the event is from the other mode (live or test)")
    return notice(event)


def notice(event: dict[str, Any]) -> ProviderNotice:
    """What is kept of an event: ids and our own metadata, nothing personal."""
    found = event["data"]["object"]
    intent = found["id"] if found["object"] == "payment_intent" else found.get("payment_intent")
    metadata = found.get("metadata") or {}
    return ProviderNotice(
        external_id=event["id"],
        kind=event["type"],
        object_id=found.get("id") or "",
        payload={
            "object": found["object"],
            "payment": (intent.get("id") if isinstance(intent, dict) else intent) or "",
            "attempt": metadata.get("attempt", ""),
            "refund": metadata.get("refund", ""),
            "shop": metadata.get("shop", ""),
        },
        happened_at=_moment(event.get("created")),
    )


def _moment(created: Any) -> datetime | None:
    """Stripe counts seconds since 1970."""
    try:
        return datetime.fromtimestamp(created, UTC) if created else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        return stripe.WebhookSignature.verify_header(
            body, signature, secret, settings.SHOP_STRIPE_WEBHOOK_TOLERANCE
        )
    except (stripe.SignatureVerificationError, ValueError):
        return False
