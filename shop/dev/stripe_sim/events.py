"""Events: what happened, with the object as it was then. Each is put down, with its deliveries, in the transaction that
caused it.

Kept 30 days; listed newest first; `delivery_success` tells those that every endpoint has from those that some endpoint lacks.
"""

import time
from typing import Any

from shop.dev.stripe_sim import lists
from shop.dev.stripe_sim.errors import missing
from shop.dev.stripe_sim.ids import new_id
from shop.dev.stripe_sim.sim import API_VERSION, DAY, Sim
from shop.dev.stripe_sim.store import public

KEPT = 30 * DAY
WAITING = "SELECT 1 FROM deliveries d WHERE d.event = objects.id AND d.state != 'delivered'"
PENDING = (
    "SELECT COUNT(DISTINCT endpoint) FROM deliveries WHERE event = ? AND state IN ('pending', 'sending')"
)


def emit(sim: Sim, kind: str, subject: dict, *, previous: dict[str, Any] | None = None) -> dict:
    """Record that `kind` happened to `subject`, and post it to every endpoint that wants it."""
    data: dict[str, Any] = {"object": public(subject)}
    if previous is not None:
        data["previous_attributes"] = public(previous)
    event = {
        "id": new_id("event"),
        "object": "event",
        "api_version": API_VERSION,
        "created": sim.now(),
        "data": data,
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": sim.asked.id, "idempotency_key": sim.asked.idempotency_key},
        "type": kind,
    }
    endpoints = [endpoint for endpoint in sim.store.find("webhook_endpoint") if _wants(endpoint, kind)]
    event["pending_webhooks"] = len(endpoints)
    sim.store.add(event)
    for endpoint in endpoints:
        _post(sim, event, endpoint)
    return event


def _wants(endpoint: dict, kind: str) -> bool:
    return endpoint["status"] == "enabled" and bool({"*", kind} & set(endpoint["enabled_events"]))


def _post(sim: Sim, event: dict, endpoint: dict) -> None:
    """Put down the delivery, or what the controls make of it: none, several, late."""
    rules = sim.store.setting("webhooks", {})
    state = "pending"
    if rules.get("drop", 0) and _concerns(rules, event):
        state = "dropped"
        sim.store.set("webhooks", rules | {"drop": rules["drop"] - 1})
    copies = 1 if state == "dropped" else 1 + rules.get("duplicate", 0)
    for _ in range(copies):
        sim.store.run(
            "INSERT INTO deliveries (event, endpoint, due, state) VALUES (?, ?, ?, ?)",
            event["id"], endpoint["id"], time.time() + rules.get("delay", 0), state,
        )  # fmt: skip


def _concerns(rules: dict, event: dict) -> bool:
    return not rules.get("types") or event["type"] in rules["types"]


def shown(sim: Sim, event: dict) -> dict:
    """The event with the number of endpoints that still wait for it now."""
    return event | {"pending_webhooks": sim.store.rows(PENDING, event["id"])[0][0]}


def retrieve(sim: Sim, params: dict, event_id: str) -> dict:
    event = sim.store.get("event", event_id)
    if not event or event["created"] < sim.now() - KEPT:
        raise missing("event", event_id)
    return shown(sim, event)


def listed(sim: Sim, params: dict) -> dict:
    conditions: list[tuple[str, list[Any]]] = [("created >= ?", [sim.now() - KEPT])]
    kinds = params.get("types") or [kind for kind in [params.get("type")] if kind]
    if kinds:
        patterns = [kind.replace("_", r"\_").replace("*", "%") for kind in kinds]
        any_of = " OR ".join(r"json_extract(body, '$.type') LIKE ? ESCAPE '\'" for _ in patterns)
        conditions.append((f"({any_of})", patterns))
    if "delivery_success" in params:
        exists = "NOT EXISTS" if params["delivery_success"] else "EXISTS"
        conditions.append((f"{exists} ({WAITING})", []))
    page = lists.page(sim, "event", params, url="/v1/events", conditions=conditions)
    return page | {"data": [shown(sim, event) for event in page["data"]]}
