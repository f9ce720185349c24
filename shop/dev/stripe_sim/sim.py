"""The simulated account: its store, its clock, its settings, and the request that is being served.

Endpoints are functions `endpoint(sim, params, …)` that read and write documents and return one; everything they share is here.
"""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from shop.dev.stripe_sim.store import Store

API_VERSION = "2026-10-28.endive"
HOUR, DAY = 3600, 86_400

# What a test or a developer may change under /_sim/settings.
DEFAULTS: dict[str, Any] = {
    "country": "DE",
    "payment_methods": [
        "card"
    ],  # what "automatic payment methods" offers; sepa_debit joins for euros when listed
    "three_d_secure": "modal",  # or "redirect": leave the page even where Stripe.js could show a frame
    "async_seconds": 5,  # how long a bank debit, a pending refund or a failing refund takes to get there
    "slow_seconds": 180,  # the same for the test numbers that take their time
    "settle_seconds": 1,  # until an automatic_async capture has its balance transaction
    "dispute_seconds": 0,  # from the charge to the dispute that its test card brings
    "search_lag_seconds": 0,  # how far search lags behind, up to a minute with Stripe
    "refund_outcome": None,  # of every refund, whatever its card: succeeded, pending, failed
    "retry_seconds": [1, 2, 5, 10, 30, 60, 300, 900, 3600],  # pauses between the deliveries of one webhook
    "fee_percent": "1.5",
    "fee_fixed": 25,
    "dispute_fee": 2000,
}


@dataclass
class Asked:
    """The request in hand, as events name it."""

    id: str | None = None
    idempotency_key: str | None = None
    browser: bool = False  # came with the publishable key


@dataclass
class Sim:
    store: Store
    secret_key: str
    publishable_key: str
    url: str = ""
    asked: Asked = field(default_factory=Asked)

    def now(self) -> int:
        return int(time.time() + self.store.setting("clock_offset", 0))

    def today(self) -> datetime:
        return datetime.fromtimestamp(self.now(), UTC)

    def option(self, name: str) -> Any:
        return self.store.setting(f"option:{name}", DEFAULTS[name])

    def choose(self, name: str, value: Any) -> None:
        self.store.set(f"option:{name}", value)

    def offered_methods(self, currency: str | None) -> list[str]:
        """The payment method types of the account that this currency allows; SEPA debits are in euros only."""
        return [
            kind
            for kind in self.option("payment_methods")
            if kind != "sepa_debit" or currency in ("eur", None)
        ]

    def later(self, action: str, subject: str, *, seconds: float) -> None:
        """Have `schedule.ACTIONS[action]` run on the object in so many seconds of the simulated clock."""
        self.store.run(
            "INSERT INTO later (due, action, subject) VALUES (?, ?, ?)", self.now() + seconds, action, subject
        )
