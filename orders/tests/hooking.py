"""Webhooks as Stripe would send them, signed as it describes."""

import hashlib
import hmac
import json
import time

from shop.core.models import Notice

URL = "/hooks/stripe/"


def event(**over):
    intent = {"object": "payment_intent", "id": "pi_1", "metadata": {}}
    made = {
        "id": "evt_1",
        "object": "event",
        "type": "payment_intent.succeeded",
        "livemode": False,
        "created": int(time.time()),
        "data": {"object": intent},
    }
    return made | over


def post(client, body, *, secret="whsec_simulated", at=None, signature=None):
    text = body if isinstance(body, str) else json.dumps(body)
    if signature is None:
        signature = sign(text, secret, at or int(time.time()))
    return client.post(URL, text, content_type="application/json", headers={"Stripe-Signature": signature})


def sign(text, secret, at):
    """As Stripe describes it: HMAC-SHA256 over "time.body"."""
    made = hmac.new(secret.encode(), f"{at}.{text}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={made}"


def kept():
    return list(Notice.objects.values_list("external_id", flat=True))
