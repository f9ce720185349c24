"""What a cell means: prices, weights, pieces, yes or no. Whatever could mean two things is refused, never guessed."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import gettext as _

from shop.core.currency import exponent

MOST_MINOR = 10**12
MOST_PIECES = 10**6
GRAMS = {
    "g": 1,
    "kg": 1000,
    "lb": Decimal("453.59237"),
    "lbs": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
MILLIMETRES = {"mm": 1, "cm": 10, "m": 1000, "in": Decimal("25.4"), "yd": Decimal("914.4")}
YES = {"1", "true", "yes", "y", "ja", "wahr"}
NO = {"0", "false", "no", "n", "nein", "falsch", "-1"}


class BadCell(ValueError):
    """The cell cannot be used; the message says why, in words for the seller."""


def minor(text: str, currency: str) -> int:
    """A price in minor units. "1.234,56", "1,234.56" and "1234.56" are the same; "1,234" could be two and is refused."""
    amount = _amount(text)
    if amount < 0:
        raise BadCell(_("A price is 0 or more, not %(text)s.") % {"text": text})
    scaled = amount.scaleb(exponent(currency))
    if scaled != scaled.to_integral_value():
        raise BadCell(
            _("%(text)s has more decimals than %(currency)s.") % {"text": text, "currency": currency}
        )
    if scaled > MOST_MINOR:
        raise BadCell(_("%(text)s is too much for a price.") % {"text": text})
    return int(scaled)


def pieces(text: str) -> int:
    """A whole number, 0 or more. Fewer than none, as oversold goods are exported, are none."""
    number = _decimal(text.strip())
    if number != number.to_integral_value() or abs(number) > MOST_PIECES:
        raise BadCell(_("“%(text)s” is not a number of pieces.") % {"text": text[:40]})
    return max(0, int(number))


def whole(text: str, most: int = 2**31 - 1) -> int:
    """A whole number from 0 to `most`."""
    number = _decimal(text.strip())
    if number != number.to_integral_value() or not 0 <= number <= most:
        raise BadCell(
            _("“%(text)s” is not a whole number from 0 to %(most)s.") % {"text": text[:40], "most": most}
        )
    return int(number)


def measure(text: str, unit: str, units: dict) -> int:
    """A weight in grams (GRAMS) or a length in millimetres (MILLIMETRES). One separator is always the decimal mark."""
    if unit not in units:
        raise BadCell(_("The unit “%(unit)s” is not known.") % {"unit": unit})
    number = _decimal(text.strip().replace(",", ".")) * units[unit]
    if not 0 <= number < 2**31:
        raise BadCell(_("“%(text)s” is not a measure.") % {"text": text[:40]})
    return int(number.to_integral_value())


def flag(text: str) -> bool:
    word = text.strip().lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise BadCell(_("“%(text)s” is neither yes nor no: write 1 or 0.") % {"text": text[:40]})


def day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError as error:
        raise BadCell(_("“%(text)s” is not a date: write 2026-05-31.") % {"text": text[:40]}) from error


def moment(text: str) -> datetime:
    """A day and a time; without a zone, the shop's."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadCell(
            _("“%(text)s” is not a moment: write 2026-05-31T08:00.") % {"text": text[:40]}
        ) from error
    return found if found.tzinfo else timezone.make_aware(found)


def counted(text: str, most: int = 32767) -> int:
    """A whole number from 1 to `most`."""
    if number := whole(text, most):
        return number
    raise BadCell(_("This is 1 or more."))


def content(text: str) -> Decimal:
    """An amount above 0 with three decimals at most."""
    number = _decimal(text.strip().replace(",", "."))
    if not 0 < number < 10**7 or number != round(number, 3):
        raise BadCell(_("“%(text)s” is not an amount: write one like 0.75.") % {"text": text[:40]})
    return number


def one_of(text: str, known: Iterable[str]) -> str:
    """One of the words that the shop has for it."""
    if text.strip() in known:
        return text.strip()
    words = {"text": text[:40], "known": ", ".join(known)}
    raise BadCell(_("“%(text)s” is none of %(known)s.") % words)


def slug(text: str, most: int) -> str:
    """A short name of letters, digits and hyphens."""
    if not re.fullmatch(r"[-\w]+", found := short(text.strip(), most), re.ASCII):
        raise BadCell(_("“%(text)s” holds more than letters, digits and hyphens.") % {"text": found[:40]})
    return found


def parts(text: str) -> list[tuple[str, int]]:
    """ "2 × MUG-1, PRINT-A3" → [("MUG-1", 2), ("PRINT-A3", 1)]"""
    found = []
    for part in split(text):
        number, sign, sku = part.rpartition(" × ")
        found.append((sku.strip(), counted(number, 99) if sign else 1))
    return found


def short(text: str, most: int) -> str:
    """`text`, if it is not too long."""
    if len(text) > most:
        raise BadCell(_("This has %(count)s characters; %(most)s fit.") % {"count": len(text), "most": most})
    return text


def cut(text: str, most: int) -> str:
    """As many whole words as fit."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;") + "…"


def join(parts: Iterable[str]) -> str:
    """A list in one cell: "Oak, Black, White\\, matt"."""
    return ", ".join(part.replace("\\", "\\\\").replace(",", "\\,") for part in parts)


def split(text: str) -> list[str]:
    """What `join` wrote; the backslash of WooCommerce's lists means the same."""
    parts, letters = [""] if text else [], iter(text)
    for letter in letters:
        if letter == ",":
            parts.append("")
            continue
        following = next(letters, "") if letter == "\\" else ""
        parts[-1] += following if following and following in ",\\" else letter + following
    return [part.strip() for part in parts]


def _amount(text: str) -> Decimal:
    plain = re.sub(r"[\s'’\u00a0\u202f]", "", text)
    comma, point = plain.rfind(","), plain.rfind(".")
    if comma >= 0 and point >= 0:
        mark, other = (",", ".") if comma > point else (".", ",")
        whole_part, _mark, _rest = plain.rpartition(mark)
        if mark in whole_part or not re.fullmatch(rf"-?\d{{1,3}}(\{other}\d{{3}})+", whole_part):
            raise _unclear(text)
        return _decimal(plain.replace(other, "").replace(mark, "."))
    mark = "," if comma >= 0 else "."
    if plain.count(mark) > 1:
        if not re.fullmatch(rf"-?\d{{1,3}}(\{mark}\d{{3}})+", plain):
            raise _unclear(text)
        return _decimal(plain.replace(mark, ""))
    if re.fullmatch(rf"-?[1-9]\d{{0,2}}\{mark}\d{{3}}", plain):
        raise _unclear(text)
    return _decimal(plain.replace(",", "."))


def _unclear(text: str) -> BadCell:
    return BadCell(_("“%(text)s” can be read in two ways: write a price like 1234.50.") % {"text": text[:40]})


def _decimal(text: str) -> Decimal:
    try:
        if re.fullmatch(r"[+-]?\d{0,15}(\.\d{0,10})?", text):
            return Decimal(text)
    except InvalidOperation:
        pass
    raise BadCell(_("“%(text)s” is not a number.") % {"text": text[:40]})
