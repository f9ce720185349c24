"""What the simulator shows in a browser: Stripe.js and its frames, the bank's page, hosted checkout, receipts, test cards."""

import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode, urlsplit, urlunsplit

from shop.dev.stripe_sim import confirming, hosted, sessions
from shop.dev.stripe_sim.cards import CARDS
from shop.dev.stripe_sim.money import shown
from shop.dev.stripe_sim.sim import Asked, Sim

BROWSER = Path(__file__).parent / "browser"
KINDS = {"js": "text/javascript", "css": "text/css", "html": "text/html"}
# No form-action: the browser would hold it against the redirect that leads back to the shop.
CSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'"
HTML = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "no-referrer",
}
STRIPE_JS = re.compile(r"/(v3/?|v3/stripe\.js|[a-z]+/stripe\.js)")
ASSET = re.compile(r"/v3/([\w-]+\.(js|css|html))")


@dataclass
class Page:
    status: int
    body: str
    headers: dict[str, str] = field(default_factory=lambda: dict(HTML))


def answer(sim: Sim, method: str, path: str, query: dict[str, str], form: dict[str, str]) -> Page:
    if method == "GET" and STRIPE_JS.fullmatch(path):
        return Page(200, stripe_js(), {"Content-Type": "text/javascript; charset=utf-8"})
    asset = ASSET.fullmatch(path)
    if method == "GET" and asset and (BROWSER / asset[1]).is_file():
        extra = HTML if asset[2] == "html" else {"Content-Type": f"{KINDS[asset[2]]}; charset=utf-8"}
        return Page(200, (BROWSER / asset[1]).read_text(), dict(extra))
    if path == "/":
        return test_cards()
    with sim.store.transaction():
        sim.asked = Asked(browser=True)
        return _page(sim, method, path.strip("/").split("/"), query, form) or missing()


def _page(
    sim: Sim, method: str, parts: list[str], query: dict[str, str], form: dict[str, str]
) -> Page | None:
    if parts[0] == "3ds" and len(parts) == 2:
        return challenge(
            sim, parts[1], framed="frame" in query, outcome=form.get("outcome") if method == "POST" else None
        )
    if parts[:2] == ["c", "pay"] and len(parts) in (3, 4):
        session = sim.store.get("checkout.session", parts[2])
        if session:
            return _as_page(
                hosted.answer(sim, session, form=form if method == "POST" else None, back=len(parts) == 4)
            )
    if parts[0] == "receipts" and len(parts) == 2:
        return receipt(sim, parts[1])
    return None


def _as_page(shown_page: hosted.Shown) -> Page:
    if shown_page.location:
        return redirect(shown_page.location)
    return Page(shown_page.status, template(shown_page.template, **shown_page.values))


def template(file: str, /, **values: str) -> str:
    return Template((BROWSER / file).read_text()).substitute(values)


def redirect(url: str) -> Page:
    return Page(303, "", HTML | {"Location": url})


def message(title: str, content: str, *, status: int = 200, layout: str = "sheet") -> Page:
    return Page(status, template("message.html", title=escape(title), content=content, layout=layout))


def missing() -> Page:
    return message("Nothing here", "<p>There is no such page.</p>", status=404)


def stripe_js() -> str:
    """The parts of Stripe.js as one script, in the order of their names."""
    parts = [part.read_text() for part in sorted((BROWSER / "stripe").glob("*.js"))]
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "})();\n"


def challenge(sim: Sim, challenge_id: str, *, framed: bool, outcome: str | None) -> Page | None:
    """The bank's page: it asks, takes the answer once, and leads back. Whoever leaves it has simply not answered yet."""
    asked = sim.store.get("challenge", challenge_id)
    intent = sim.store.get(asked["kind"], asked["intent"]) if asked else None
    if not asked or not intent:
        return None
    waiting = intent["status"] == "requires_action" and intent["_challenge"] == challenge_id
    if waiting and outcome not in ("complete", "fail"):
        return _ask(sim, intent, challenge_id, framed=framed)
    if waiting:
        step = confirming.authenticated if outcome == "complete" else confirming.not_authenticated
        sessions.follow(sim, step(sim, intent))
    if framed or not asked["return_url"]:
        return Page(200, template("done.html"))
    return redirect(return_address(asked["return_url"], intent))


def _ask(sim: Sim, intent: dict, challenge_id: str, *, framed: bool) -> Page:
    method = sim.store.get("payment_method", intent["payment_method"]) or {}
    amount = shown(intent["amount"], intent["currency"]) if "amount" in intent else "Save this card"
    return Page(200, template(
        "challenge.html",
        layout="frame" if framed else "whole",
        dialog='role="dialog" aria-modal="true" aria-labelledby="title"' if framed else "",
        last4=escape(method.get("card", {}).get("last4", "")),
        amount=escape(amount),
        action=f"/3ds/{challenge_id}{'?frame=1' if framed else ''}",
    ))  # fmt: skip


def return_address(url: str, intent: dict) -> str:
    """Where the customer goes after a redirect, with what Stripe appends: hints, never a proof of payment."""
    kind = intent["object"]
    status = {"processing": "pending", "requires_payment_method": "failed"}.get(intent["status"], "succeeded")
    extra = urlencode(
        {kind: intent["id"], f"{kind}_client_secret": intent["client_secret"], "redirect_status": status}
    )
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=f"{parts.query}&{extra}" if parts.query else extra))


def receipt(sim: Sim, charge_id: str) -> Page | None:
    charge = sim.store.get("charge", charge_id)
    if not charge or charge["status"] != "succeeded":
        return None
    amount = escape(shown(charge["amount"], charge["currency"]))
    return message("Receipt", f'<p class="sum">{amount}</p><p class="soft">{escape(charge_id)}</p>')


def test_cards() -> Page:
    rows = "".join(
        f"<tr><td>{card.number}</td><td>{escape(card.does)}</td><td><code>{card.method}</code></td></tr>"
        for card in CARDS
    )
    words = (
        "<p>Any future expiry date, any security code. Nothing here is a real card, and nothing is charged.</p>"
        "<table><thead><tr><th>Number</th><th>What happens</th><th>In test code</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )
    return message("Test cards", words, layout="wide")
