"""Webhook endpoints: where events are posted, which of them, and the secrets that sign them.

A secret can be rolled: for a day both the old and the new one sign, so that a shop can change over without losing an event.
"""

from shop.dev.stripe_sim import lists
from shop.dev.stripe_sim.checks import check_url
from shop.dev.stripe_sim.errors import invalid, missing
from shop.dev.stripe_sim.ids import new_id, random_text
from shop.dev.stripe_sim.sim import API_VERSION, DAY, Sim


def make(sim: Sim, *, url: str, secret: str | None = None, events: list[str] | None = None) -> dict:
    secret = secret or f"whsec_{random_text(32)}"
    return sim.store.add(
        {
            "id": new_id("webhook_endpoint"),
            "object": "webhook_endpoint",
            "api_version": API_VERSION,
            "application": None,
            "created": sim.now(),
            "description": None,
            "enabled_events": events or ["*"],
            "livemode": False,
            "metadata": {},
            "status": "enabled",
            "url": url,
            "_secrets": [[secret, None]],  # each with the moment from which it no longer signs
        }
    )


def create(sim: Sim, params: dict) -> dict:
    check_url(params["url"], param="url")
    if params.get("api_version", API_VERSION) != API_VERSION:
        raise invalid(f"This simulator speaks {API_VERSION} only.", param="api_version")
    endpoint = make(sim, url=params["url"], events=params["enabled_events"])
    endpoint |= {name: params[name] for name in ("description", "metadata") if name in params}
    sim.store.save(endpoint)
    return endpoint | {"secret": endpoint["_secrets"][0][0]}  # shown this once, like Stripe


def get(sim: Sim, endpoint_id: str) -> dict:
    endpoint = sim.store.get("webhook_endpoint", endpoint_id)
    if not endpoint:
        raise missing("webhook endpoint", endpoint_id, param="webhook_endpoint")
    return endpoint


def retrieve(sim: Sim, params: dict, endpoint_id: str) -> dict:
    return get(sim, endpoint_id)


def listed(sim: Sim, params: dict) -> dict:
    return lists.page(sim, "webhook_endpoint", params, url="/v1/webhook_endpoints")


def update(sim: Sim, params: dict, endpoint_id: str) -> dict:
    endpoint = get(sim, endpoint_id)
    for name in ("url", "enabled_events", "description", "metadata"):
        if name in params:
            endpoint[name] = params[name]
    if "disabled" in params:
        endpoint["status"] = "disabled" if params["disabled"] else "enabled"
    return sim.store.save(endpoint)


def delete(sim: Sim, params: dict, endpoint_id: str) -> dict:
    get(sim, endpoint_id)
    sim.store.remove(endpoint_id)
    return {"id": endpoint_id, "object": "webhook_endpoint", "deleted": True}


def roll(sim: Sim, endpoint_id: str) -> dict:
    """A new secret; the old ones go on signing for 24 hours."""
    endpoint = get(sim, endpoint_id)
    until = sim.now() + DAY
    kept = [[secret, ends or until] for secret, ends in endpoint["_secrets"]]
    endpoint["_secrets"] = [[f"whsec_{random_text(32)}", None], *kept]
    sim.store.save(endpoint)
    return endpoint | {"secret": endpoint["_secrets"][0][0]}


def signing_secrets(sim: Sim, endpoint: dict) -> list[str]:
    return [secret for secret, ends in endpoint["_secrets"] if ends is None or ends > sim.now()]
