"""Checkout Sessions: a payment page on the processor's side, for a shop (or a browser) that cannot mount an Element.

As with Stripe there is no PaymentIntent until the customer first tries to pay, a session lives 24 hours at most, and one that
is still open when its time is over expires, with its unpaid intent.
"""

from typing import Any

from shop.dev.stripe_sim import concluding, intents, lists, session_facts
from shop.dev.stripe_sim.checks import merged_metadata
from shop.dev.stripe_sim.errors import ApiError, invalid, missing
from shop.dev.stripe_sim.events import emit
from shop.dev.stripe_sim.money import check_amount
from shop.dev.stripe_sim.sim import DAY, HOUR, Sim

SECURED = ("succeeded", "processing", "requires_capture")


def create(sim: Sim, params: dict) -> dict:
    session_facts.check(sim, params)
    items = [session_facts.line(sim, item, place) for place, item in enumerate(params["line_items"])]
    currencies = {item["currency"] for item in items}
    if len(currencies) > 1:
        raise invalid("All line items must have the same currency.", param="line_items")
    currency = currencies.pop()
    delivery = session_facts.delivery(params)
    subtotal = sum(item["amount_total"] for item in items)
    check_amount(subtotal + delivery, currency, param="line_items")
    expires = params.get("expires_at", sim.now() + DAY)
    if not sim.now() + HOUR // 2 - 5 <= expires <= sim.now() + DAY + 5:
        raise invalid(
            "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    session = session_facts.facts(sim, params, currency) | {
        "amount_subtotal": subtotal,
        "amount_total": subtotal + delivery,
        "expires_at": expires,
        "shipping_cost": {"amount_subtotal": delivery, "amount_tax": 0, "amount_total": delivery, "shipping_rate": None}
        if params.get("shipping_options") else None,
        "total_details": {"amount_discount": 0, "amount_shipping": delivery, "amount_tax": 0},
        "url": None,
        "_line_items": items,
        "_intent_data": params.get("payment_intent_data", {}),
    }  # fmt: skip
    session["url"] = f"{sim.url}/c/pay/{session['id']}"
    sim.later("expire_session", session["id"], seconds=expires - sim.now())
    return sim.store.add(session)


def get(sim: Sim, session_id: str) -> dict:
    session = sim.store.get("checkout.session", session_id)
    if not session:
        raise missing("checkout.session", session_id, param="session")
    return session


def retrieve(sim: Sim, params: dict, session_id: str) -> dict:
    return get(sim, session_id)


def update(sim: Sim, params: dict, session_id: str) -> dict:
    session = get(sim, session_id)
    if "metadata" in params:
        session["metadata"] = merged_metadata(session["metadata"], params["metadata"])
    return sim.store.save(session)


def listed(sim: Sim, params: dict) -> dict:
    filters = ("customer", "payment_intent", "status")
    return lists.page(sim, "checkout.session", params, url="/v1/checkout/sessions", filters=filters)


def line_items(sim: Sim, params: dict, session_id: str) -> dict:
    url = f"/v1/checkout/sessions/{session_id}/line_items"
    return {"object": "list", "url": url, "has_more": False, "data": get(sim, session_id)["_line_items"]}


def expire(sim: Sim, params: dict, session_id: str) -> dict:
    session = get(sim, session_id)
    if session["status"] != "open":
        raise ApiError(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of {session['status']}."
        )
    return close(sim, session)


def close(sim: Sim, session: dict) -> dict:
    session |= {"status": "expired", "url": None}
    sim.store.save(session)
    intent = sim.store.get("payment_intent", session["payment_intent"] or "")
    if intent and intent["status"] in intents.CONFIRMABLE:
        concluding.end(sim, intent, reason="expired")
    emit(sim, "checkout.session.expired", session)
    return session


def intent_for(sim: Sim, session: dict) -> dict:
    """The session's PaymentIntent, made when the customer first tries to pay."""
    if session["payment_intent"]:
        return intents.get(sim, session["payment_intent"])
    data: dict[str, Any] = dict(session["_intent_data"])
    wanted = {
        "amount": session["amount_total"],
        "currency": session["currency"],
        "customer": session["customer"],
        "allowed_payment_method_types": session["payment_method_types"],
        **data,
    }
    intent = intents.create(sim, {name: value for name, value in wanted.items() if value is not None})
    intent["_session"] = session["id"]
    sim.store.save(intent)
    session["payment_intent"] = intent["id"]
    sim.store.save(session)
    return intent


def follow(sim: Sim, intent: dict) -> None:
    """Bring the session of an intent up to date with it; call it wherever an intent may have moved by itself."""
    session = sim.store.get("checkout.session", intent.get("_session") or "")
    if not session:
        return
    paid = intent["status"] in ("succeeded", "requires_capture")
    if session["status"] == "open" and intent["status"] in SECURED:
        session |= {"status": "complete", "url": None, "payment_status": "paid" if paid else "unpaid"}
        emit(sim, "checkout.session.completed", sim.store.save(session))
    elif (
        session["status"] == "complete"
        and session["payment_status"] == "unpaid"
        and intent["status"] != "processing"
    ):
        session["payment_status"] = "paid" if paid else "unpaid"
        emit(
            sim,
            f"checkout.session.async_payment_{'succeeded' if paid else 'failed'}",
            sim.store.save(session),
        )
