"""OAuth tokens: who may call what. The accounts below are the simulator's own; `.env.example` names the same."""

import secrets
import time

from .store import Store

UPS_CLIENT = ("sim-ups-client", "sim-ups-secret")
FEDEX_SHIP_CLIENT = ("sim-fedex-key", "sim-fedex-secret")
FEDEX_TRACK_CLIENT = ("sim-fedex-track-key", "sim-fedex-track-secret")
UPS_ACCOUNT = "A1B2C3"
FEDEX_ACCOUNT = "740561073"


def issue(store: Store, *, scope: str, seconds: int) -> str:
    token = secrets.token_urlsafe(48)
    store.run("INSERT INTO tokens VALUES (?, ?, ?)", token, scope, time.time() + seconds)
    return token


def scope_of(store: Store, token: str) -> str:
    """What a token is good for; empty when it is unknown or has expired."""
    rows = store.run("SELECT scope FROM tokens WHERE token = ? AND expires_at > ?", token, time.time())
    return rows[0]["scope"] if rows else ""


def revoke_all(store: Store) -> None:
    store.run("DELETE FROM tokens")
