"""A bank's statement as plain values, whatever it came as: CAMT.053 (ISO 20022) or a table.

Only money that came in and is booked counts; what went out, what is merely announced and what was taken back is left out and
counted. Each credit has a key of its own that is the same in every statement that shows it, so that a day's statement and
the month's name it alike.
"""

import hashlib
import io
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from shop.core.errors import Refused

MOST_BYTES = 20 * 1024 * 1024


class StatementRefused(Refused):
    """Not a statement that can be read; nothing of it was taken."""


@dataclass(frozen=True)
class Credit:
    """Money that came in. `account` is ours; `bank_ref` is what the bank calls the booking, empty where it does not say."""

    booked_on: date
    amount_minor: int
    currency: str
    text: str
    payer: str = ""
    account: str = ""
    bank_ref: str = ""
    key: str = ""


@dataclass(frozen=True)
class Statement:
    credits: tuple[Credit, ...]
    left_out: int = 0


def read(content: bytes) -> Statement:
    """Raises StatementRefused."""
    from orders.statements import camt, table

    if not content.strip():
        raise StatementRefused(_("The file is empty."))
    if len(content) > MOST_BYTES:
        raise StatementRefused(_("The file is larger than any statement."))
    is_xml = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    found = camt.read(content) if is_xml else table.read(io.BytesIO(content))
    return replace(found, credits=tuple(_with_keys(found.credits)))


def _with_keys(credits: tuple[Credit, ...]) -> list[Credit]:
    """By the bank's own name for it, else by all that it says; the second of two equal ones is another."""
    seen: Counter[str] = Counter()
    keyed = []
    for credit in credits:
        plain = _identity(credit)
        seen[plain] += 1
        keyed.append(replace(credit, key=hashlib.sha256(f"{plain}|{seen[plain]}".encode()).hexdigest()))
    return keyed


def _identity(credit: Credit) -> str:
    known = [credit.account, credit.booked_on.isoformat(), str(credit.amount_minor), credit.currency]
    told = [credit.bank_ref] if credit.bank_ref else [credit.payer, " ".join(credit.text.split())]
    return "|".join([*known, *told])
