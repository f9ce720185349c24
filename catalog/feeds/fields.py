"""How takers want things written. Both say prices as "15.00 EUR" and moments as ISO 8601 with their time zone."""

import re
from datetime import datetime

from shop.core import clock
from shop.core.money import Money

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")  # what XML 1.0 cannot hold


def plain(text: str, most: int) -> str:
    """Cut at a word, at most `most` characters long."""
    text = UNPRINTABLE.sub("", text).strip()
    if len(text) <= most:
        return text
    cut = text[:most]
    return cut[: cut.rfind(" ")].rstrip() if " " in cut[most // 2 :] else cut


def amount(price: Money) -> str:
    return f"{price.to_decimal():f} {price.currency}"


def period(starts_at: datetime | None, ends_at: datetime) -> str:
    """Both ends must be named: what began without a date began before now."""
    since = starts_at or clock.now()
    return f"{since.isoformat(timespec='minutes')}/{ends_at.isoformat(timespec='minutes')}"
