"""Trouble on demand: the next so many matching requests fail, before or after they had their effect.

`mode`: `error` (a status and an error body), `timeout` (silence for `seconds`, then the line is cut), `reset` (cut at once),
`garbage` (200 with a page that is no JSON), `delay` (works, but late: the key is in flight meanwhile).
"""

import re
import threading
from dataclasses import asdict, dataclass, field
from typing import Any

from shop.dev.stripe_sim.errors import ApiError

MODES = ("error", "timeout", "reset", "garbage", "delay")
WORDS = {
    401: ("invalid_request_error", "Invalid API Key provided: sk_test_****", None),
    409: ("invalid_request_error", "The request conflicted with another request.", "lock_timeout"),
    429: ("invalid_request_error", "Request rate limit exceeded. Learn more about rate limits here "
                                   "https://stripe.com/docs/rate-limits.", "rate_limit"),
}  # fmt: skip
LOCK_TIMEOUT = (
    "This object cannot be accessed right now because another API request or Stripe process is currently accessing it. "
    "If you see this error intermittently, retry the request."
)
UNKNOWN = ("api_error", "An unknown error occurred", None)


class Hangup(Exception):
    """Answer nothing: wait so many seconds, then cut the line."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__("hang up")
        self.seconds = seconds


@dataclass
class Fault:
    mode: str = "error"
    when: str = "before"  # or "after": the request had its effect
    times: int = 1
    method: str = "POST"
    path: str = ".*"  # a regular expression over the whole path
    status: int = 500
    code: str | None = None
    seconds: float = 30.0
    stored: bool | None = (
        None  # whether the failure is the idempotency key's result: 5xx yes, 401, 409 and 429 no
    )

    def __post_init__(self) -> None:
        if self.mode not in MODES or self.when not in ("before", "after"):
            raise ValueError(f"mode must be one of {', '.join(MODES)}; when must be before or after")
        re.compile(self.path)
        if self.stored is None:
            self.stored = self.status not in (401, 409, 429)

    def error(self) -> ApiError:
        kind, message, code = WORDS.get(self.status, UNKNOWN)
        message = LOCK_TIMEOUT if self.code == "lock_timeout" else message
        return ApiError(
            message, status=self.status, kind=kind, code=self.code or code, stored=bool(self.stored)
        )


@dataclass
class Faults:
    """The faults that are waiting for their requests."""

    waiting: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, **facts: Any) -> Fault:
        fault = Fault(**facts)
        with self.lock:
            self.waiting.append(fault)
        return fault

    def take(self, method: str, path: str) -> Fault | None:
        """The first fault that this request meets; one of its times is used up."""
        with self.lock:
            for fault in self.waiting:
                if fault.method in (method, "*") and re.fullmatch(fault.path, path):
                    fault.times -= 1
                    self.waiting = [one for one in self.waiting if one.times > 0]
                    return fault
        return None

    def clear(self) -> None:
        with self.lock:
            self.waiting = []

    def listed(self) -> list[dict]:
        with self.lock:
            return [asdict(fault) for fault in self.waiting]
