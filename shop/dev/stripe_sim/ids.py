"""Identifiers in Stripe's shapes: a prefix that tells the kind, then letters and digits that nobody can guess."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits

PREFIXES = {
    "payment_intent": "pi_3",
    "setup_intent": "seti_1",
    "setup_attempt": "setatt_1",
    "charge": "ch_3",
    "refund": "re_3",
    "dispute": "du_1",
    "balance_transaction": "txn_3",
    "payment_method": "pm_1",
    "customer": "cus_",
    "event": "evt_1",
    "mandate": "mandate_1",
    "webhook_endpoint": "we_1",
    "checkout.session": "cs_test_a1",
    "challenge": "payatt_3",
    "request": "req_",
}
LENGTHS = {"customer": 14, "request": 14, "checkout.session": 56}


def random_text(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_id(kind: str) -> str:
    return PREFIXES[kind] + random_text(LENGTHS.get(kind, 23))


def client_secret(intent_id: str) -> str:
    """What lets the customer's browser act on one intent: 25 characters, about 149 bits."""
    return f"{intent_id}_secret_{random_text(25)}"


def kind_of(object_id: str) -> str | None:
    """The kind of object that an id names, by its prefix; None for an id that we do not know."""
    found = [kind for kind, prefix in PREFIXES.items() if object_id.startswith(prefix.rstrip("1234567890a"))]
    return found[0] if found else None
