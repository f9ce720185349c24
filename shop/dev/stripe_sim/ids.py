"""Identifiers in Stripe's shapes: a prefix that tells the kind, then letters and digits that nobody can guess."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits

# kind: (prefix, fixed text after it, length of the random part)
SHAPES = {
    "payment_intent": ("pi_", "3", 23),
    "setup_intent": ("seti_", "1", 23),
    "setup_attempt": ("setatt_", "1", 23),
    "charge": ("ch_", "3", 23),
    "refund": ("re_", "3", 23),
    "dispute": ("du_", "1", 23),
    "balance_transaction": ("txn_", "3", 23),
    "payment_method": ("pm_", "1", 23),
    "customer": ("cus_", "", 14),
    "event": ("evt_", "1", 23),
    "mandate": ("mandate_", "1", 23),
    "webhook_endpoint": ("we_", "1", 23),
    "checkout.session": ("cs_", "test_a1", 56),
    "tax.calculation": ("taxcalc_", "1", 23),
    "tax.calculation_line_item": ("tax_li_", "", 14),
    "challenge": ("payatt_", "3", 23),
    "request": ("req_", "", 14),
}


def random_text(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_id(kind: str) -> str:
    prefix, fixed, length = SHAPES[kind]
    return prefix + fixed + random_text(length)


def client_secret(intent_id: str) -> str:
    """What lets the customer's browser act on one intent: 25 characters, about 149 bits."""
    return f"{intent_id}_secret_{random_text(25)}"


def kind_of(object_id: str) -> str | None:
    """The kind of object that an id names, by its prefix; None for an id that we do not know."""
    return next((kind for kind, shape in SHAPES.items() if object_id.startswith(shape[0])), None)
