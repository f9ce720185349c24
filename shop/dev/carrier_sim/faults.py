"""Planned trouble: the next calls of an operation fail, before or after they have had their effect.

Kinds: `error` (the status, with the carrier's own error body), `timeout` (no answer for `seconds`, then the line
drops), `drop` (the line drops at once), `malformed` (200 and a page of HTML), `slow` (the right answer, `seconds`
late), `drip` (the right answer, a byte every tenth of a second).
"""

import fnmatch
from dataclasses import dataclass

from .store import Store

KINDS = ("error", "timeout", "drop", "malformed", "slow", "drip")


@dataclass(frozen=True)
class Fault:
    kind: str
    status: int
    seconds: float


def plan(
    store: Store, *, operation: str, kind: str, after: bool, status: int, seconds: float, times: int
) -> None:
    """The next `times` calls whose operation fits the pattern (`ups.ship`, `fedex.*`, `*`)."""
    store.run(
        "INSERT INTO faults (operation, kind, after, status, seconds, times) VALUES (?, ?, ?, ?, ?, ?)",
        operation,
        kind,
        int(after),
        status,
        seconds,
        times,
    )


def take(store: Store, operation: str, *, after: bool) -> Fault | None:
    """The oldest plan that fits, used up by one. What strikes after the effect waits for a call that has one."""
    with store.lock:
        for row in store.run("SELECT * FROM faults WHERE times > 0 AND after = ? ORDER BY id", int(after)):
            if fnmatch.fnmatch(operation, row["operation"]):
                store.run("UPDATE faults SET times = times - 1 WHERE id = ?", row["id"])
                return Fault(row["kind"], row["status"], row["seconds"])
    return None


def forget(store: Store) -> None:
    store.run("DELETE FROM faults")


def error_body(operation: str, status: int) -> dict:
    """What the carrier says when it is down."""
    if operation.startswith("ups."):
        return {"response": {"errors": [{"code": "10500", "message": "Internal Server Error"}]}}
    code = "SERVICE.UNAVAILABLE.ERROR" if status == 503 else "INTERNAL.SERVER.ERROR"
    return {"transactionId": "", "errors": [{"code": code, "message": "We encountered an unexpected error."}]}
