"""Taxes that a service calculates (Stripe Tax), behind the same port as the shop's own table.

The service is asked before the payment page is shown, with no transaction open, and its answer is kept; the quote only looks
up what was answered to exactly this purchase. Without an answer (none yet, too slow, down) the table's rates hold, with a
note. So placing an order never waits for anybody, and charges what the customer saw.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from checkout.quote import QuoteTax
from checkout.taxing.base import Part, Taxation

Answers = Mapping[str, list[list[list[Any]]]]
SERVICE_NOTE = "taxes as the tax service calculated them"
TABLE_NOTE = "the tax service gave no answer: the shop's own rates"


@dataclass(frozen=True)
class Purchase:
    """What a service must know beside the amounts. `relief` is a reason why no tax is asked, or empty."""

    currency: str
    country: str
    region: str
    postcode: str
    city: str
    street: str
    vat_id: str
    relief: str
    day: str


@dataclass(frozen=True)
class Asked(Taxation):
    """The table's taxation with a service's answers on top."""

    purchase: Purchase | None = None
    answers: Answers = field(default_factory=dict)

    def taxes(self, parts: Sequence[Part]) -> list[tuple[QuoteTax, ...]]:
        found = self.answers.get(self.key(parts))
        if found is None:
            return super().taxes(parts)
        return [tuple(_tax(row) for row in rows) for rows in found]

    def note_on(self, parts: Sequence[Part]) -> str:
        return SERVICE_NOTE if self.key(parts) in self.answers else TABLE_NOTE

    def key(self, parts: Sequence[Part]) -> str:
        """A digest of the question."""
        assert self.purchase is not None
        asked = [asdict(self.purchase), self.is_inclusive, [[*asdict(part).values()] for part in parts]]
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Listening(Asked):
    """Calculates like the table and remembers what it was asked."""

    heard: list[Sequence[Part]] = field(default_factory=list)

    def taxes(self, parts: Sequence[Part]) -> list[tuple[QuoteTax, ...]]:
        self.heard.append(parts)
        return Taxation.taxes(self, parts)


def as_rows(taxes: Sequence[QuoteTax]) -> list[list[Any]]:
    return [[tax.name, str(tax.percent), tax.taxable_minor, tax.tax_minor, tax.reason] for tax in taxes]


def _tax(row: list[Any]) -> QuoteTax:
    name, percent, taxable, charged, reason = row
    return QuoteTax(name, Decimal(percent), taxable, charged, reason)
