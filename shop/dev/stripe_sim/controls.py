"""The simulator's own controls under `/_sim/`: trouble, webhooks, what a bank or the Dashboard would do, and what came in.

Bodies and answers are JSON. Each control says in its docstring what it does; README.md lists them.
"""

import re
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from shop.dev.stripe_sim import (
    confirming,
    debits,
    disputes,
    endpoints,
    idempotency,
    intents,
    refunds,
    schedule,
    sessions,
)
from shop.dev.stripe_sim.api import Api
from shop.dev.stripe_sim.charges import get as charge_of
from shop.dev.stripe_sim.delivery import Courier
from shop.dev.stripe_sim.errors import ApiError
from shop.dev.stripe_sim.sim import DEFAULTS, Asked
from shop.dev.stripe_sim.store import public

WEBHOOK_RULES: dict[str, Any] = {
    "drop": int,
    "duplicate": int,
    "delay": (int, float),
    "reorder": int,
    "paused": bool,
    "types": list,
}


class Controls:
    def __init__(self, api: Api, courier: Courier) -> None:
        self.api, self.sim, self.store, self.courier = api, api.sim, api.sim.store, courier

    def answer(self, method: str, path: str, data: dict, query: dict) -> tuple[int, Any]:
        for verb, pattern, name in CONTROLS:
            match = re.fullmatch(pattern, path)
            if match and verb == method:
                return self._run(getattr(self, name), match.groups(), data if method != "GET" else query)
        return 404, {"error": f"No control {method} {path}. See shop/dev/stripe_sim/README.md."}

    def _run(self, control: Callable[..., Any], ids: tuple[str, ...], data: dict) -> tuple[int, Any]:
        try:
            if control.__name__ in OUTSIDE:
                return 200, public(control(*ids, **data))
            with self.store.transaction():
                self.sim.asked = Asked()  # the Dashboard or a bank did it: no request to name
                return 200, public(control(*ids, **data))
        except ApiError as refused:
            return refused.status, refused.body()
        except (TypeError, ValueError, KeyError) as wrong:
            return 400, {"error": f"{type(wrong).__name__}: {wrong}"}

    def faults(self, **facts: Any) -> dict:
        """Let the next `times` requests that match `method` and `path` (a regular expression) fail as `mode` says."""
        return asdict(self.api.faults.add(**facts))

    def listed_faults(self) -> dict:
        return {"data": self.api.faults.listed()}

    def no_faults(self) -> dict:
        self.api.faults.clear()
        return {}

    def settings(self, **wanted: Any) -> dict:
        """Change what DEFAULTS in sim.py names; answers with all of them."""
        unknown = set(wanted) - set(DEFAULTS)
        if unknown:
            raise ValueError(
                f"unknown settings: {', '.join(sorted(unknown))}; there are {', '.join(DEFAULTS)}"
            )
        for name, value in wanted.items():
            self.sim.choose(name, value)
        return {name: self.sim.option(name) for name in DEFAULTS}

    def webhooks(self, **rules: Any) -> dict:
        """drop: so many of the next; duplicate: so many extra copies of each; delay: seconds; reorder: hold until so many
        wait, then send them last first; paused; types: which events `drop` concerns. What is not named stays."""
        for name, value in rules.items():
            if name not in WEBHOOK_RULES or not isinstance(value, WEBHOOK_RULES[name]):
                raise ValueError(f"{name} is not one of {', '.join(WEBHOOK_RULES)}, or of the wrong type")
        merged = self.store.setting("webhooks", {}) | rules
        self.store.set("webhooks", merged)
        return merged

    def flush(self, *, timeout: float = 10.0) -> dict:
        """Send everything that waits, pauses between tries skipped, and wait for the answers: `idle` tells whether all came."""
        until = time.monotonic() + timeout
        schedule.run_due(self.sim)
        while not self.courier.idle() and time.monotonic() < until:
            self.courier.hurry()
            time.sleep(0.02)
        return {"idle": self.courier.idle()}

    def deliveries(self) -> dict:
        """Every webhook that was or is to be sent: event, endpoint, state, tries, the last answer's status or error."""
        return {"data": [dict(row) for row in self.store.rows("SELECT * FROM deliveries ORDER BY seq")]}

    def resend(self, event_id: str, *, copies: int = 1) -> dict:
        """Send an event again to every endpoint, as the Dashboard's button does."""
        if not self.store.get("event", event_id):
            raise KeyError(event_id)
        for endpoint in self.store.find("webhook_endpoint"):
            for _ in range(copies):
                self.store.run(
                    "INSERT INTO deliveries (event, endpoint, due) VALUES (?, ?, ?)",
                    event_id,
                    endpoint["id"],
                    time.time(),
                )
        return {"copies": copies}

    def listen(self, *, url: str, secret: str, events: list[str] | None = None) -> dict:
        """Make this the only webhook endpoint, with a secret of your choice."""
        self.post_nowhere()
        return endpoints.make(self.sim, url=url, secret=secret, events=events)

    def post_nowhere(self) -> dict:
        """Forget every webhook endpoint."""
        for endpoint in self.store.find("webhook_endpoint"):
            self.store.remove(endpoint["id"])
        return {}

    def roll(self, endpoint_id: str) -> dict:
        """A new signing secret; the old one goes on signing beside it for 24 hours."""
        return endpoints.roll(self.sim, endpoint_id)

    def clock(self, *, advance: float) -> dict:
        """Move the simulated clock forward: holds and sessions run out, idempotency keys are pruned, debits arrive."""
        self.store.set("clock_offset", self.store.setting("clock_offset", 0) + advance)
        schedule.run_due(self.sim)
        return {"now": self.sim.now()}

    def forget_keys(self) -> dict:
        """Prune all idempotency keys, as if 24 hours had gone by."""
        idempotency.expire_all(self.sim)
        return {}

    def pay(self, intent_id: str, *, method: str = "pm_card_visa") -> dict:
        """The customer pays after all, from a page left open: confirm with `method`, 3-D Secure passed."""
        intent = intents.get(self.sim, intent_id)
        if intent["status"] != "requires_action":
            self.sim.asked.browser = True
            intent = intents.confirm(self.sim, {"payment_method": method}, intent_id)
        if intent["status"] == "requires_action":
            intent = confirming.authenticated(self.sim, intent)
        sessions.follow(self.sim, intent)
        return intent

    def challenge(self, intent_id: str, *, outcome: str) -> dict:
        """What the customer did in the 3-D Secure window: `complete` or `fail`."""
        intent = self.store.get("payment_intent", intent_id) or self.store.get("setup_intent", intent_id)
        if not intent or intent["status"] != "requires_action" or outcome not in ("complete", "fail"):
            raise ValueError(
                "the intent is not waiting for authentication, or outcome is neither complete nor fail"
            )
        step = confirming.authenticated if outcome == "complete" else confirming.not_authenticated
        intent = step(self.sim, intent)
        sessions.follow(self.sim, intent)
        return intent

    def finish_debit(self, intent_id: str, *, outcome: str | None = None) -> dict:
        """The bank's answer to a debit that is processing, now: succeeded, failed, disputed."""
        intent = debits.finish_debit(self.sim, intent_id, outcome=outcome) or intents.get(self.sim, intent_id)
        sessions.follow(self.sim, intent)
        return intent

    def refund(self, charge_id: str, *, amount: int | None = None, reason: str | None = None) -> dict:
        """A refund from the Dashboard: no metadata, no idempotency key, no request."""
        params: dict[str, Any] = {"charge": charge_id, "reason": reason}
        return refunds.create(self.sim, params | ({"amount": amount} if amount else {}))

    def settle_refund(self, refund_id: str, *, status: str, reason: str = "expired_or_canceled_card") -> dict:
        """How a refund ends: succeeded (a pending one), or failed (any)."""
        if status not in ("succeeded", "failed"):
            raise ValueError("status must be succeeded or failed")
        refunds.get(self.sim, refund_id)
        if status == "failed":
            return refunds.fail(self.sim, refund_id, reason=reason) or {}
        return refunds.finish(self.sim, refund_id) or {}

    def dispute(self, charge_id: str, **facts: Any) -> dict:
        """The bank disputes the charge: reason, amount, inquiry (true: it only asks)."""
        return disputes.open_dispute(self.sim, charge_of(self.sim, charge_id), **facts)

    def finish_dispute(self, dispute_id: str, *, outcome: str) -> dict:
        """won, lost, warning_closed; or escalate: an inquiry turns into a dispute."""
        found = disputes.get(self.sim, dispute_id)
        if outcome == "escalate":
            return disputes.escalate(self.sim, found)
        if outcome not in ("won", "lost", "warning_closed"):
            raise ValueError("outcome must be won, lost, warning_closed or escalate")
        return disputes.finish(self.sim, found, outcome=outcome)

    def requests(self, *, method: str | None = None, path: str | None = None, id: str | None = None) -> dict:
        """The API requests that came in, oldest first; `path` is a beginning."""
        rows = self.api.recorder.listed(method=method, path=path)
        return {"data": [row for row in rows if not id or row["id"] == id]}

    def forget_requests(self) -> dict:
        self.api.recorder.clear()
        return {}

    def reset(self) -> dict:
        """Forget everything but the webhook endpoints: objects, keys, faults, rules, settings, the clock."""
        self.store.clear()
        self.api.faults.clear()
        self.api.recorder.clear()
        return {}


OUTSIDE = {"flush"}  # waits for other threads: not inside a transaction
ID = r"/([^/]+)"
CONTROLS = [
    ("POST", "/_sim/faults", "faults"),
    ("GET", "/_sim/faults", "listed_faults"),
    ("DELETE", "/_sim/faults", "no_faults"),
    ("POST", "/_sim/settings", "settings"),
    ("GET", "/_sim/settings", "settings"),
    ("POST", "/_sim/webhooks", "webhooks"),
    ("POST", "/_sim/webhooks/flush", "flush"),
    ("POST", "/_sim/webhooks/listen", "listen"),
    ("DELETE", "/_sim/webhooks/listen", "post_nowhere"),
    ("GET", "/_sim/webhooks/deliveries", "deliveries"),
    ("POST", f"/_sim/events{ID}/resend", "resend"),
    ("POST", f"/_sim/webhook_endpoints{ID}/roll", "roll"),
    ("POST", "/_sim/clock", "clock"),
    ("POST", "/_sim/idempotency/expire", "forget_keys"),
    ("POST", f"/_sim/payment_intents{ID}/pay", "pay"),
    ("POST", f"/_sim/payment_intents{ID}/challenge", "challenge"),
    ("POST", f"/_sim/payment_intents{ID}/debit", "finish_debit"),
    ("POST", f"/_sim/charges{ID}/refund", "refund"),
    ("POST", f"/_sim/charges{ID}/dispute", "dispute"),
    ("POST", f"/_sim/refunds{ID}", "settle_refund"),
    ("POST", f"/_sim/disputes{ID}", "finish_dispute"),
    ("GET", "/_sim/requests", "requests"),
    ("DELETE", "/_sim/requests", "forget_requests"),
    ("POST", "/_sim/reset", "reset"),
]
