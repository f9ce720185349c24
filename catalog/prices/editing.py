"""Price lists as sellers fill them: a sheet of lines "SKU; from quantity; price", looked at before it counts.

A sheet adds and changes; only one that replaces takes out what it does not name. It is taken whole or not at all. Whatever
changes a list is recorded, written into the history of public prices, and brought to lists and search by workers.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import ListPrice, PriceList, Variant
from catalog.prices.noting import note_prices
from catalog.prices.reading import forget_rules
from shop.core import clock, events
from shop.core.currency import exponent
from shop.core.errors import Refused
from shop.core.money import Money

MOST_LINES = 5000
MOST_PIECES = 1_000_000
MOST_MINOR = 10**12
HEADINGS = {"sku"}


class BadSheet(Refused):
    """Some lines cannot be understood; `data["errors"]` names each."""


@dataclass(frozen=True)
class Line:
    """`before_minor` is what the list asks for now; None: nothing yet."""

    number: int
    sku: str
    variant_id: int
    from_quantity: int
    minor: int
    before_minor: int | None

    @property
    def is_changed(self) -> bool:
        return self.minor != self.before_minor


@dataclass(frozen=True)
class Sheet:
    lines: tuple[Line, ...]
    errors: tuple[str, ...]
    gone: int  # prices that a replacing sheet takes out


def read_sheet(price_list: PriceList, text: str, *, replaces: bool = False) -> Sheet:
    """What a sheet would do, without doing it. Three queries, however long it is."""
    rows, errors = _rows(text)
    variants = dict(Variant.objects.filter(sku__in=[row[1] for row in rows]).values_list("sku", "pk"))
    known = {
        (variant, n): minor
        for variant, n, minor in price_list.prices.values_list("variant", "from_quantity", "price_minor")
    }
    lines: dict[tuple[int, int], Line] = {}
    for number, sku, pieces, price in rows:
        try:
            line = _line(number, sku, pieces, price, variants, known, price_list.currency)
            if (line.variant_id, line.from_quantity) in lines:
                raise ValueError(_("%(sku)s stands twice for this quantity.") % {"sku": sku})
        except ValueError as error:
            errors.append(_("Line %(number)d: %(error)s") % {"number": number, "error": error})
        else:
            lines[line.variant_id, line.from_quantity] = line
    gone = len(known.keys() - lines.keys()) if replaces else 0
    return Sheet(tuple(lines.values()), tuple(errors), gone)


@transaction.atomic
def apply_sheet(price_list: PriceList, text: str, *, replaces: bool = False, by: Any = None) -> int:
    """Take it over; returns how many prices it changed. Raises BadSheet, and then nothing is changed."""
    if price_list.method != PriceList.Method.FIXED:
        raise BadSheet(_("This list is a percentage: it has no amounts of its own."), errors=())
    sheet = read_sheet(price_list, text, replaces=replaces)
    if sheet.errors or not sheet.lines:
        raise BadSheet(_("Nothing was changed: some lines cannot be understood."), errors=sheet.errors)
    touched = {line.variant_id for line in sheet.lines if line.is_changed}
    if replaces:
        touched |= _take_out(price_list, sheet.lines)
    ListPrice.objects.bulk_create(
        [
            ListPrice(
                price_list=price_list,
                variant_id=line.variant_id,
                from_quantity=line.from_quantity,
                price_minor=line.minor,
            )
            for line in sheet.lines
        ],
        update_conflicts=True,
        unique_fields=["price_list", "variant", "from_quantity"],
        update_fields=["price_minor"],
    )
    note_change(price_list, by=by, variants=touched)
    return sum(line.is_changed for line in sheet.lines) + sheet.gone


@transaction.atomic
def note_change(price_list: PriceList, *, variants: Iterable[int] = (), by: Any = None) -> None:
    """After any change of a list: what it has started or ended so far is shown by the refresh that follows."""
    forget_rules()
    PriceList.objects.filter(pk=price_list.pk).update(turned_at=clock.now())
    if price_list.group_id is None:
        note_prices(variants)
    events.record("price_list.changed", price_list, by=by, prices=len(set(variants)))


def written(price_list: PriceList) -> str:
    """The list as a sheet."""
    rows = price_list.prices.select_related("variant").order_by("variant__sku", "from_quantity")
    return "\n".join(
        f"{row.variant.sku};{row.from_quantity};{Money(row.price_minor, price_list.currency).to_decimal()}"
        for row in rows
    )


def _rows(text: str) -> tuple[list[tuple[int, str, str, str]], list[str]]:
    """(line number, SKU, quantity, price) as typed; a heading and empty lines are skipped."""
    sign = "\t" if "\t" in text else ";"
    rows, errors = [], []
    for number, cells in enumerate(csv.reader(StringIO(text.replace("\0", "")), delimiter=sign), start=1):
        cells = [cell.strip() for cell in cells]
        if not any(cells) or (number == 1 and cells[0].lower() in HEADINGS):
            continue
        if len(cells) == 2:
            cells = [cells[0], "1", cells[1]]
        if len(cells) != 3:
            errors.append(_("Line %(number)d: write SKU; from quantity; price.") % {"number": number})
            continue
        rows.append((number, cells[0], cells[1], cells[2]))
    if len(rows) > MOST_LINES:
        return [], [_("%(count)d lines at most in one sheet.") % {"count": MOST_LINES}]
    return rows, errors


def _line(
    number: int,
    sku: str,
    pieces: str,
    price: str,
    variants: dict[str, int],
    known: dict[tuple[int, int], int],
    currency: str,
) -> Line:
    if sku not in variants:
        raise ValueError(_("there is no SKU %(sku)s.") % {"sku": sku[:40]})
    if not (pieces.isascii() and pieces.isdigit() and 0 < int(pieces[:8]) <= MOST_PIECES):
        raise ValueError(_("“%(text)s” is not a quantity.") % {"text": pieces[:20]})
    key, minor = (variants[sku], int(pieces[:8])), _minor(price, currency)
    return Line(number, sku, *key, minor, known.get(key))


def _minor(text: str, currency: str) -> int:
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or amount.adjusted() > 9:
        raise ValueError(_("“%(text)s” is not a price.") % {"text": text[:20]})
    minor = amount.scaleb(exponent(currency))
    if minor != minor.to_integral_value() or minor > MOST_MINOR:
        raise ValueError(_("“%(text)s” has too many digits.") % {"text": text[:20]})
    return int(minor)


def _take_out(price_list: PriceList, lines: Iterable[Line]) -> set[int]:
    """What the sheet does not name; returns the variants concerned."""
    kept = {(line.variant_id, line.from_quantity) for line in lines}
    gone = [
        (pk, variant)
        for pk, variant, n in price_list.prices.values_list("pk", "variant", "from_quantity")
        if (variant, n) not in kept
    ]
    price_list.prices.filter(pk__in=[pk for pk, _variant in gone]).delete()
    return {variant for _pk, variant in gone}
