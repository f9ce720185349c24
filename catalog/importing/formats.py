"""The formats that are known, and which of them a file is in: its header tells."""

from collections.abc import Sequence
from typing import Protocol, cast

from django.utils.translation import gettext as _

from catalog.importing import shopify, till, woocommerce
from catalog.importing.records import Given, Line, ProductRecord
from shop.core.csvio import NotCsv


class Format(Protocol):
    """A module that knows the table of one system."""

    code: str
    label: str

    def field_of(self, header: str) -> str: ...
    def recognises(self, fields: set[str]) -> bool: ...
    def key_of(self, line: Line) -> tuple[str, str]: ...
    def sku_of(self, line: Line) -> str: ...
    def read(self, lines: list[Line], given: Given) -> ProductRecord: ...


FORMATS: dict[str, Format] = {module.code: cast(Format, module) for module in (till, shopify, woocommerce)}


def format_of(header: Sequence[str]) -> str:
    """The code of the format. Raises NotCsv."""
    for code in FORMATS:
        if FORMATS[code].recognises({field for _header, field in columns(header, code)}):
            return code
    raise NotCsv(
        _(
            "The columns are neither ours nor Shopify's nor WooCommerce's. The first line must hold the names"
            " of the columns, just as they were exported."
        )
    )


def columns(header: Sequence[str], code: str) -> list[tuple[str, str]]:
    """(header, field) for every column; the field is empty where the column is not used, or fills one a second time."""
    seen: set[str] = set()
    found = []
    for name in header:
        field = FORMATS[code].field_of(name)
        found.append((name, "" if field in seen else field))
        seen.add(field)
    return found
