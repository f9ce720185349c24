"""The file's lines are laid out in a table of their own before anything is compared: one item a product.

Lines of one product may stand far apart in a file of any size; the database puts them together, so that memory stays flat.
All of it happens in one transaction: a run is laid out whole or not at all.
"""

import json
from collections.abc import Iterator

from django.db import connection, transaction
from django.utils.translation import gettext as _

from catalog.importing.formats import FORMATS
from catalog.importing.records import Line
from catalog.models import ImportItem, ImportRun
from shop.core import csvio
from shop.core.faultpoints import faultpoint

MOST_LINES = 2000  # of one product
STAGE = """
CREATE TEMPORARY TABLE staged_line (line int, key text, alias text, sku text, cells jsonb, error text) ON COMMIT DROP
"""
COPY = "COPY staged_line (line, key, alias, sku, cells, error) FROM STDIN"
# A line that calls its product by the other name of it (WooCommerce's variations: by SKU) gets its key.
RESOLVE = """
UPDATE staged_line line SET key = main.key FROM (SELECT DISTINCT ON (alias) alias, key FROM staged_line
    WHERE alias <> '' ORDER BY alias, line) main
WHERE line.alias = '' AND line.key = main.alias
"""
DUPLICATES = """
UPDATE staged_line line SET error = format(%s::text, line.sku, first.line)
FROM (SELECT sku, min(line) AS line FROM staged_line WHERE sku <> '' GROUP BY sku HAVING count(*) > 1) first
WHERE line.sku = first.sku AND line.line > first.line
"""
ITEMS = """
INSERT INTO catalog_importitem (run_id, number, key, line, lines, is_too_long, planned, outcome, name, changes, problems,
    later, is_shown)
SELECT %s, row_number() OVER (ORDER BY min(line)), left(key, 300), min(line),
    jsonb_agg(jsonb_build_array(line, cells, error) ORDER BY line) FILTER (WHERE place <= %s), count(*) > %s,
    '', '', '', '[]', '[]', '{}', true
FROM (SELECT *, row_number() OVER (PARTITION BY key ORDER BY line) AS place FROM staged_line) line
GROUP BY key
"""


@transaction.atomic
def lay_out(run: ImportRun) -> None:
    """Read the file into items, replacing what was laid out before. Raises NotCsv."""
    run.items.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        count = _copy(run, cursor)
        cursor.execute("CREATE INDEX ON staged_line (alias) WHERE alias <> ''")
        cursor.execute("ANALYZE staged_line")
        cursor.execute(RESOLVE)
        cursor.execute(DUPLICATES, [_("The SKU %s stands on line %s already.")])
        cursor.execute(ITEMS, [run.pk, MOST_LINES, MOST_LINES])
        run.line_count, run.item_count = count, cursor.rowcount
        cursor.execute("DROP TABLE staged_line")
    run.save(update_fields=["line_count", "item_count"])
    faultpoint("import.laid_out")


def lines_of(item: ImportItem) -> list[Line]:
    return [Line(number, cells) for number, cells, _error in item.lines]


def _copy(run: ImportRun, cursor) -> int:
    count = 0
    with run.file.open("rb") as file, cursor.copy(COPY) as copy:
        for row in _rows(run, file):
            copy.write_row(row)
            count += 1
    return count


def _rows(run: ImportRun, file) -> Iterator[tuple]:
    """(line, key, alias, sku, cells, error) for each line below the header."""
    shape = csvio.Shape(run.encoding, run.delimiter, run.skip)
    known = FORMATS[run.format]
    fields = [field for _header, field in run.columns]
    records = csvio.read(file, shape)
    next(records, None)
    for record in records:
        cells = {field: cell for field, cell in zip(fields, record.cells, strict=False) if field and cell}
        line = Line(record.line, cells)
        key, alias = known.key_of(line)
        error = record.error or _wrong_width(record.cells, len(fields))
        sku = "" if error else known.sku_of(line)
        yield record.line, key[:300] or f"line {record.line}", alias, sku, json.dumps(cells), error


def _wrong_width(cells: list[str], width: int) -> str:
    """Spreadsheets add empty cells at the end; anything else has slipped."""
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return _("The line has %(count)s cells; the first line names %(width)s columns.") % {
            "count": len(cells),
            "width": width,
        }
    return ""
