"""A statement as a table: the columns are found by the names that banks give them, in English and German.

Sums are written with a comma or a point before the cents, with or without something between the thousands; one column with
a sign, or one each for what came in and what went out.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO

from django.utils.translation import gettext as _

from orders.statements.reading import Credit, Statement, StatementRefused
from shop.core import csvio
from shop.core.currency import exponent

COLUMNS = {
    "date": ["buchungstag", "buchungsdatum", "booking date", "booked on", "date", "datum", "buchung"],
    "amount": ["betrag", "amount", "umsatz", "betrag (eur)", "amount (eur)", "credit", "gutschrift", "haben"],
    "currency": ["währung", "waehrung", "currency"],
    "text": ["verwendungszweck", "remittance", "reference", "text", "description", "details", "zahlungsreferenz"],
    "payer": [
        "beguenstigter/zahlungspflichtiger", "begünstigter/zahlungspflichtiger", "auftraggeber",
        "auftraggeber/empfänger", "name zahlungsbeteiligter", "zahlungspflichtiger", "payer", "name", "counterparty",
        "partnername", "partner name",
    ],
    "ref": ["bank reference", "transaction id", "buchungsreferenz", "transaktions-id", "referenznummer", "id"],
    "account": ["auftragskonto", "iban auftragskonto", "own account", "own iban"],
}  # fmt: skip
NEEDED = ("date", "amount", "text")
DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y")
SUM = re.compile(r"([+-]?)([0-9]{1,12}|[0-9]{1,3}(?:[.,'\u00a0 ][0-9]{3})+)(?:([.,])([0-9]{1,3}))?")


def read(file: BinaryIO) -> Statement:
    try:
        rows = csvio.read(file, csvio.shape_of(file))
        header = next(rows, None)
        columns = _columns(header.cells if header else [])
        return _statement(rows, columns)
    except csvio.NotCsv as refusal:
        raise StatementRefused(refusal.message) from refusal


def _statement(rows: Iterator[csvio.Record], columns: dict[str, int]) -> Statement:
    credits: list[Credit] = []
    left_out = 0
    for row in rows:
        if row.error:
            raise StatementRefused(_("Line %(line)s: %(why)s") % {"line": row.line, "why": row.error})
        credit = _credit(row, columns)
        left_out += credit is None
        credits += [credit] if credit else []
    return Statement(tuple(credits), left_out)


def _columns(header: list[str]) -> dict[str, int]:
    """{what: place}; the first name of the list that is there counts."""
    known = {name.strip().strip('"').lower(): place for place, name in enumerate(header)}
    found = {
        what: next((known[name] for name in names if name in known), -1) for what, names in COLUMNS.items()
    }
    if missing := [what for what in NEEDED if found[what] < 0]:
        words = {"date": _("the day"), "amount": _("the amount"), "text": _("the remittance text")}
        raise StatementRefused(
            _("No column names %(missing)s.") % {"missing": ", ".join(str(words[one]) for one in missing)}
        )
    return found


def _credit(row: csvio.Record, columns: dict[str, int]) -> Credit | None:
    """None for what went out, and for lines that state no amount."""
    cells = {
        what: row.cells[place].strip() if 0 <= place < len(row.cells) else ""
        for what, place in columns.items()
    }
    currency = (cells["currency"] or "EUR").upper()
    minor = _minor(cells["amount"], currency, row.line)
    if minor <= 0:
        return None
    return Credit(
        booked_on=_day(cells["date"], row.line),
        amount_minor=minor,
        currency=currency,
        text=cells["text"],
        payer=cells["payer"][:140],
        account=cells["account"],
        bank_ref=cells["ref"],
    )


def _minor(written: str, currency: str, line: int) -> int:
    plain = written.replace("€", "").replace("EUR", "").replace("−", "-").strip()
    if not plain:
        return 0
    plain = f"-{plain[:-1]}" if plain.endswith("-") else plain
    match = SUM.fullmatch(plain)
    digits = exponent(currency)
    if not match or len(match[4] or "") > max(digits, 2):
        match = SUM.fullmatch(f"{plain}{',' if '.' in plain else '.'}00") if match else None
    if not match:
        raise StatementRefused(_("Line %(line)s: “%(text)s” is no amount.") % {"line": line, "text": written})
    whole = re.sub(r"\D", "", match[2])
    minor = Decimal(f"{match[1]}{whole}.{match[4] or 0}").scaleb(digits)
    if minor != int(minor):
        raise StatementRefused(_("Line %(line)s: “%(text)s” is no amount.") % {"line": line, "text": written})
    return int(minor)


def _day(written: str, line: int) -> date:
    for form in DAYS:
        try:
            return datetime.strptime(written[:10].strip(), form).date()
        except ValueError:
            continue
    raise StatementRefused(_("Line %(line)s: “%(text)s” is no day.") % {"line": line, "text": written})
