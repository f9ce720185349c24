"""The requests that came in, for tests to look at. Card numbers, codes, IBANs and client secrets are blotted out."""

import threading
import time
from collections import deque
from typing import Any

SECRET_NAMES = {"number", "cvc", "iban", "client_secret"}
KEPT = 5_000


def redacted(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: "[hidden]"
            if name in SECRET_NAMES and not isinstance(inner, dict | list)
            else redacted(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [redacted(inner) for inner in value]
    return value


class Recorder:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.rows: deque[dict] = deque(maxlen=KEPT)

    def add(self, **facts: Any) -> dict:
        """One request; what is known of its answer is filled into the same dict later."""
        row = {"at": time.time(), "status": None, "replayed": False, "fault": None, **facts}
        row["params"] = redacted(row.get("params", {}))
        with self.lock:
            self.rows.append(row)
        return row

    def listed(self, *, method: str | None = None, path: str | None = None) -> list[dict]:
        with self.lock:
            rows = list(self.rows)
        return [
            row
            for row in rows
            if (not method or row["method"] == method) and (not path or row["path"].startswith(path))
        ]

    def clear(self) -> None:
        with self.lock:
            self.rows.clear()
