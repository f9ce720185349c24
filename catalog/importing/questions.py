"""What the buyer of a product that is made to order is asked, as one cell: a list in JSON, so that nothing of it is lost."""

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalog.importing.parsing import BadCell
from catalog.models import CustomField

MOST = 50
ASKED = [
    field for field in CustomField._meta.concrete_fields if field.name not in ("id", "product", "position")
]
FIELDS = [field.name for field in ASKED]
DEFAULTS = {field.name: field.get_default() for field in ASKED}


def plain(rows: Iterable[CustomField]) -> list[dict[str, Any]]:
    """In order; what is as usual is left out."""
    return [
        {name: _told(value) for name in FIELDS if (value := getattr(row, name)) != DEFAULTS[name]}
        for row in rows
    ]


def write(rows: Iterable[CustomField]) -> str:
    found = plain(rows)
    return json.dumps(found, ensure_ascii=False) if found else ""


def read(text: str) -> list[dict[str, Any]]:
    """What `plain` makes of these questions. Raises BadCell."""
    try:
        given = json.loads(text)
        rows = [row_of(one, position) for position, one in enumerate(given)]
        codes = {row.code for row in rows}
        if len(rows) > MOST or len(codes) < len(rows):
            raise ValueError(_("at most %(most)s questions, each with a code of its own") % {"most": MOST})
        for row in rows:
            row.full_clean(exclude=["product"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise BadCell(" ".join(error.messages)) from error
    except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise BadCell(_("These are no questions to the buyer: %(error)s") % {"error": error}) from error
    return plain(rows)


def row_of(given: dict[str, Any], position: int) -> CustomField:
    """A question of one product, not stored yet."""
    known = {name: given[name] for name in FIELDS if name in given}
    for name in ("lowest", "highest"):
        if known.get(name) is not None:
            known[name] = Decimal(str(known[name]))
    return CustomField(position=position, **known)


def _told(value: Any) -> Any:
    return str(value.normalize()) if isinstance(value, Decimal) else value
