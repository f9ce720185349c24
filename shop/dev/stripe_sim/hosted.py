"""The hosted payment page of a Checkout Session: plain HTML, so that it works with JavaScript switched off."""

import re
from dataclasses import dataclass, field
from html import escape
from typing import Any

from shop.dev.stripe_sim import intents, sessions
from shop.dev.stripe_sim.errors import ApiError
from shop.dev.stripe_sim.money import shown
from shop.dev.stripe_sim.sim import Sim

EXPIRY = re.compile(r"\s*\d{1,2}\s*/?\s*\d{2,4}\s*")
NAMES = {"card": "Card", "sepa_debit": "SEPA Direct Debit"}


@dataclass
class Shown:
    """A page to draw (template and values), or a place to go to."""

    location: str | None = None
    template: str = "checkout.html"
    values: dict[str, str] = field(default_factory=dict)
    status: int = 200


def answer(sim: Sim, session: dict, *, form: dict[str, str] | None, back: bool) -> Shown:
    """The page; or with `form` an attempt to pay; `back` is the way back from the bank's page."""
    if session["status"] == "complete":
        return Shown(location=success_address(session))
    if session["status"] == "expired":
        leave = _link(session["cancel_url"], "Back to the shop")
        content = f"<p>This payment page has expired. Nothing was charged.</p>{leave}"
        return Shown(
            template="message.html",
            values={"title": "Too late", "content": content, "layout": "sheet"},
            status=410,
        )
    if form is not None:
        return _pay(sim, session, form)
    intent = sim.store.get("payment_intent", session["payment_intent"] or "")
    if back and intent and intent["status"] == "requires_action":
        return Shown(location=intent["next_action"]["redirect_to_url"]["url"])
    failed = (intent or {}).get("last_payment_error")
    return _page(session, {}, error=failed["message"] if failed else None)


def success_address(session: dict) -> str:
    return session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])


def _pay(sim: Sim, session: dict, form: dict[str, str]) -> Shown:
    missing = _missing(session, form)
    if missing:
        return _page(session, form, error=missing, status=422)
    try:
        intent = sessions.intent_for(sim, session)
        confirmed = intents.confirm(
            sim,
            {
                "payment_method_data": _method(form),
                "return_url": f"{sim.url}/c/pay/{session['id']}/return",
                "use_stripe_sdk": False,
            },
            intent["id"],
        )
    except ApiError as refused:
        return _page(session, form, error=refused.message, status=402)
    if session["customer_details"] is None:
        session["customer_details"] = {
            "address": None, "business_name": None, "email": _email(session, form), "individual_name": None,
            "name": form.get("name") or None, "phone": None, "tax_exempt": "none", "tax_ids": [],
        }  # fmt: skip
        sim.store.save(session)
    if confirmed["status"] == "requires_action":
        return Shown(location=f"{sim.url}/3ds/{confirmed['_challenge']}")
    sessions.follow(sim, confirmed)
    return Shown(location=success_address(session))


def _email(session: dict, form: dict[str, str]) -> str | None:
    return form.get("email") or session["customer_email"]


def _missing(session: dict, form: dict[str, str]) -> str | None:
    if not _email(session, form):
        return "Please enter your email address."
    if form.get("method") == "sepa_debit":
        return None if form.get("iban") and form.get("name") else "Please enter your IBAN and your name."
    if not form.get("number") or not form.get("cvc") or not EXPIRY.fullmatch(form.get("expiry", "")):
        return "Please enter your card's number, expiration date and security code."
    return None


def _method(form: dict[str, str]) -> dict[str, Any]:
    details = {"email": form.get("email"), "name": form.get("name")}
    if form.get("method") == "sepa_debit":
        return {"type": "sepa_debit", "sepa_debit": {"iban": form["iban"]}, "billing_details": details}
    digits = re.sub(r"\D", "", form["expiry"])
    month, year = (digits[:2], digits[2:]) if len(digits) % 2 == 0 else (digits[:1], digits[1:])
    card = {"number": form["number"], "exp_month": month, "exp_year": year, "cvc": form["cvc"]}
    return {"type": "card", "card": card, "billing_details": details}


def _page(session: dict, form: dict[str, str], *, error: str | None, status: int = 200) -> Shown:
    """The form again keeps what was typed, card data excepted."""
    currency = session["currency"]
    lines = [
        f"<li><span>{item['quantity']} × {escape(item['description'])}</span>"
        f"<span>{escape(shown(item['amount_total'], currency))}</span></li>"
        for item in session["_line_items"]
    ]
    debit = "sepa_debit" in session["payment_method_types"]
    values = {
        "amount": escape(shown(session["amount_total"], currency)),
        "lines": "".join(lines),
        "action": f"/c/pay/{session['id']}",
        "back": _link(session["cancel_url"], "← Back to the shop"),
        "error": f'<p class="error" role="alert">{escape(error)}</p>' if error else "",
        "email": escape(_email(session, form) or ""),
        "name": escape(form.get("name", "")),
        "methods": _choice(session["payment_method_types"], form) if debit else "",
        "iban": '<div class="field"><label for="iban">IBAN (for a direct debit)</label><input id="iban" name="iban"></div>'
        if debit else "",
    }  # fmt: skip
    return Shown(values=values, status=status)


def _choice(kinds: list[str], form: dict[str, str]) -> str:
    chosen = form.get("method", kinds[0])
    choices = "".join(
        f'<label class="choice"><input type="radio" name="method" value="{kind}"{" checked" if kind == chosen else ""}>'
        f"{NAMES[kind]}</label>"
        for kind in kinds
    )
    return f"<fieldset><legend>Payment method</legend>{choices}</fieldset>"


def _link(url: str | None, words: str) -> str:
    return f'<p><a href="{escape(url, quote=True)}">{words}</a></p>' if url else ""
