"""The kinds of values that attributes have: how each is typed, stored and shown.

`parse` reads what people and files write, `shown` says it in the language of the page. Numbers are stored exactly, with at
most four decimals; a choice must be one of its attribute's; yes and no are understood in the words of the shop's languages.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django.utils.formats import date_format
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from catalog.models import Attribute, AttributeChoice
from shop.core.errors import Refused
from shop.core.wording import said

Kind = Attribute.Kind
NUMBER = re.compile(r"[+-]?(\d{1,11}|\d{0,11}[.,]\d{1,4})", re.ASCII)
YES = {"yes", "true", "y", "1", "ja", "wahr", "on"}
NO = {"no", "false", "n", "0", "nein", "falsch", "off"}
LONGEST = 250


class WrongKind(Refused):
    """The value does not fit the attribute; the message says what would."""


def parse(attribute: Attribute, raw: Any, *, choices: dict[str, AttributeChoice]) -> dict[str, Any]:
    """The column of ProductAttribute and its value, for what was typed. `choices` by lower-case name. Raises WrongKind."""
    if isinstance(raw, bool):
        raw = "yes" if raw else "no"
    text = raw.isoformat() if isinstance(raw, date) else str(raw).strip()
    return READERS[attribute.kind](attribute, text, choices)


def _text(attribute: Attribute, text: str, _choices: dict) -> dict[str, Any]:
    if not text or "\0" in text or len(text) > LONGEST:
        raise WrongKind(
            _("%(attribute)s: write 1 to %(most)s characters.") % {"attribute": attribute, "most": LONGEST}
        )
    return {"text": text}


def _number(attribute: Attribute, text: str, _choices: dict) -> dict[str, Any]:
    if attribute.unit and text.endswith(attribute.unit):
        text = text.removesuffix(attribute.unit).rstrip()
    if not NUMBER.fullmatch(text):
        raise WrongKind(
            _("%(attribute)s: “%(value)s” is no number. Write digits, with up to four decimals.")
            % {"attribute": attribute, "value": text[:60]}
        )
    return {"number": Decimal(text.replace(",", "."))}


def _choice(attribute: Attribute, text: str, choices: dict[str, AttributeChoice]) -> dict[str, Any]:
    if found := choices.get(text.lower()):
        return {"choice": found}
    known = ", ".join(choice.name for choice in list(choices.values())[:8])
    raise WrongKind(
        _("%(attribute)s: “%(value)s” is none of its choices (%(known)s).")
        % {"attribute": attribute, "value": text[:60], "known": known or "–"}
    )


def _boolean(attribute: Attribute, text: str, _choices: dict) -> dict[str, Any]:
    if text.lower() not in YES | NO:
        raise WrongKind(
            _("%(attribute)s: “%(value)s” is neither yes nor no.")
            % {"attribute": attribute, "value": text[:60]}
        )
    return {"is_true": text.lower() in YES}


def _date(attribute: Attribute, text: str, _choices: dict) -> dict[str, Any]:
    try:
        return {"date": date.fromisoformat(text)}
    except ValueError as error:
        raise WrongKind(
            _("%(attribute)s: “%(value)s” is no date. Write it like 2026-05-31.")
            % {"attribute": attribute, "value": text[:60]}
        ) from error


READERS: dict[str, Callable[[Attribute, str, dict[str, AttributeChoice]], dict[str, Any]]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.CHOICE: _choice,
    Kind.SWATCH: _choice,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _date,
}


def shown(kind: str, plain: str, unit: str = "") -> str:
    """A plain value (ProductAttribute.plain) in words of the page's language: "Yes", "12.5 cm", "31 May 2026"."""
    if kind == Kind.BOOLEAN:
        return _("Yes") if plain == "yes" else _("No")
    if kind == Kind.NUMBER:
        number = format_decimal(Decimal(plain), format="#,##0.####", locale=to_locale(get_language() or "en"))
        return f"{number} {said(unit)}".strip()
    if kind == Kind.DATE:
        return date_format(date.fromisoformat(plain), "DATE_FORMAT")
    return said(plain)
