"""Posting events: signed, several at a time, in no promised order, tried again with growing pauses until they are answered 2xx.

Every try is signed anew, with the moment of the try. A redirect is a failure. The pauses are shorter than Stripe's (hours, for
three days), so that a test need not wait for them.
"""

import hashlib
import hmac
import http.client
import json
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from shop.dev.stripe_sim import endpoints, events
from shop.dev.stripe_sim.sim import Sim
from shop.dev.stripe_sim.store import public

AT_ONCE = 4
PATIENCE = 10.0  # seconds for the endpoint to answer
LEAST_PAUSE, MOST_PAUSE = 0.02, 0.1


def signature(payload: str, secrets: list[str], *, moment: int) -> str:
    """The `Stripe-Signature` header: `t=…,v1=…`, one `v1` for each secret that is in force."""
    signed = f"{moment}.{payload}".encode()
    marks = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={moment}", *(f"v1={mark}" for mark in marks)])


class Courier:
    """The thread that posts what is due, and the controls' way to hurry it."""

    def __init__(self, sim: Sim) -> None:
        self.sim, self.store = sim, sim.store
        self.stopping = threading.Event()
        self.store.run(
            "UPDATE deliveries SET state = 'pending' WHERE state = 'sending'"
        )  # an earlier run died sending
        self.pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook")
        self.thread = threading.Thread(target=self.work, name="courier", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join(timeout=5)
        self.pool.shutdown(wait=False, cancel_futures=True)

    def work(self) -> None:
        while not self.stopping.wait(self.pause()):
            for row in self.take():
                self.pool.submit(self.deliver, row)

    def pause(self) -> float:
        """Until the next delivery is due, within reason."""
        with self.store.lock:
            due = self.store.rows("SELECT MIN(due) FROM deliveries WHERE state = 'pending'")[0][0]
        return MOST_PAUSE if due is None else min(max(due - time.time(), LEAST_PAUSE), MOST_PAUSE)

    def take(self) -> list[sqlite3.Row]:
        """The deliveries that are due, marked as being sent; those to be turned round are sent here, one after the other."""
        with self.store.transaction():
            rules = self.store.setting("webhooks", {})
            if rules.get("paused"):
                return []
            sql = "SELECT * FROM deliveries WHERE state = 'pending' AND due <= ? ORDER BY seq"
            rows = self.store.rows(sql, time.time())
            reorder = rules.get("reorder", 0)
            if reorder and len(rows) < reorder:
                return []
            for row in rows:
                self.store.run("UPDATE deliveries SET state = 'sending' WHERE seq = ?", row["seq"])
            if reorder:
                self.store.set("webhooks", rules | {"reorder": 0})
        if reorder:
            for row in reversed(rows):
                self.deliver(row)
            return []
        return rows

    def deliver(self, row: sqlite3.Row) -> None:
        """One try. What the endpoint says, or that it says nothing, decides whether there is another."""
        event = self.store.get("event", row["event"])
        endpoint = self.store.get("webhook_endpoint", row["endpoint"])
        if not event or not endpoint:
            self.store.run("DELETE FROM deliveries WHERE seq = ?", row["seq"])
            return
        payload = json.dumps(public(events.shown(self.sim, event)), indent=2)
        header = signature(payload, endpoints.signing_secrets(self.sim, endpoint), moment=int(time.time()))
        status, error = post(endpoint["url"], payload, header)
        self.note(row, status, error)

    def note(self, row: sqlite3.Row, status: int | None, error: str | None) -> None:
        tries = row["tries"] + 1
        pauses = self.sim.option("retry_seconds")
        if status is not None and 200 <= status < 300:
            state, due = "delivered", row["due"]
        elif tries > len(pauses):
            state, due = "failed", row["due"]
        else:
            state, due = "pending", time.time() + pauses[tries - 1]
        self.store.run(
            "UPDATE deliveries SET state = ?, due = ?, tries = ?, status = ?, error = ? WHERE seq = ?",
            state, due, tries, status, error, row["seq"],
        )  # fmt: skip

    def hurry(self) -> None:
        """Make everything that waits due now, pauses between tries included."""
        self.store.run("UPDATE deliveries SET due = ? WHERE state = 'pending'", time.time())

    def idle(self) -> bool:
        return not self.store.rows("SELECT 1 FROM deliveries WHERE state IN ('pending', 'sending') LIMIT 1")


def post(url: str, payload: str, header: str) -> tuple[int | None, str | None]:
    """(HTTP status, None), or (None, why there was no answer)."""
    where = urlsplit(url)
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    connection = kind(where.hostname or "", where.port, timeout=PATIENCE)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": header,
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    }
    try:
        connection.request(
            "POST", where.path + (f"?{where.query}" if where.query else ""), payload.encode(), headers
        )
        answer = connection.getresponse()
        answer.read(65_536)
        return answer.status, None
    except (OSError, http.client.HTTPException) as problem:
        return None, f"{type(problem).__name__}: {problem}"
    finally:
        connection.close()
