"""Idempotency keys of API v1 (https://docs.stripe.com/api/idempotent_requests): the first result of a key, good or bad, is the
result of every later request with it, for 24 hours. Other parameters or another path are an error; so is a second request
while the first is still at work.
"""

import hashlib
import json
from typing import NamedTuple

from shop.dev.stripe_sim.errors import idempotency_in_use, idempotency_mismatch, invalid
from shop.dev.stripe_sim.sim import DAY, Sim

LONGEST_KEY = 255


class Stored(NamedTuple):
    status: int
    body: str
    request_id: str


def fingerprint(params: dict) -> str:
    return hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()


def begin(sim: Sim, key: str, *, method: str, path: str, params: dict, request_id: str) -> Stored | None:
    """The stored result of the key; or None, and the key is now in flight until `keep` or `drop`."""
    if len(key) > LONGEST_KEY:
        raise invalid(f"Idempotency-Key may be up to {LONGEST_KEY} characters long.")
    with sim.store.transaction():
        sim.store.run("DELETE FROM idempotency WHERE created <= ? AND status IS NOT NULL", sim.now() - DAY)
        found = sim.store.rows("SELECT * FROM idempotency WHERE key = ?", key)
        if not found:
            sim.store.run(
                "INSERT INTO idempotency (key, method, path, fingerprint, created, request_id) VALUES (?, ?, ?, ?, ?, ?)",
                key, method, path, fingerprint(params), sim.now(), request_id,
            )  # fmt: skip
            return None
    row = found[0]
    if (row["method"], row["path"]) != (method, path):
        raise idempotency_mismatch(key, first_path=row["path"], path=path)
    if row["fingerprint"] != fingerprint(params):
        raise idempotency_mismatch(key)
    if row["status"] is None:
        raise idempotency_in_use(key)
    return Stored(row["status"], row["body"], row["request_id"])


def keep(sim: Sim, key: str, *, status: int, body: str) -> None:
    sim.store.run("UPDATE idempotency SET status = ?, body = ? WHERE key = ?", status, body, key)


def drop(sim: Sim, key: str) -> None:
    """The request came to nothing: the key may be used as if it had never been."""
    sim.store.run("DELETE FROM idempotency WHERE key = ?", key)


def forget_unfinished(sim: Sim) -> None:
    """Keys that were in flight when an earlier process died."""
    sim.store.run("DELETE FROM idempotency WHERE status IS NULL")


def expire_all(sim: Sim) -> None:
    """As if 24 hours had gone by for every key."""
    sim.store.run("DELETE FROM idempotency WHERE status IS NOT NULL")
