"""Thousands of rows at once, in one statement whatever their number, without the cost of building that statement.

For work by the hundred thousand (imports, search rows, events): new rows go in by COPY under numbers drawn beforehand,
changed ones by one UPDATE from one JSON parameter. What bulk_create and bulk_update do besides is left out: no conflicts
are ignored, and no expressions are resolved.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

Row = TypeVar("Row", bound=models.Model)
FEW = 50  # so many go by one INSERT: drawing numbers asks the database once more
DRAW = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"


def insert(rows: Iterable[Row]) -> list[Row]:
    """Write new rows of one model; they have their keys afterwards. Raises what the database says of them."""
    rows = list(rows)
    if len(rows) <= FEW:
        return type(rows[0])._default_manager.bulk_create(rows) if rows else rows
    meta = rows[0]._meta
    _draw_keys(rows)
    fields = [
        field
        for field in meta.concrete_fields
        if not isinstance(getattr(rows[0], field.attname), DatabaseDefault)
    ]
    names = ", ".join(f'"{field.column}"' for field in fields)
    readers = [_reader(field) for field in fields]
    write = f'COPY "{meta.db_table}" ({names}) FROM STDIN'
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(write) as copy:
        for row in rows:
            copy.write_row([read(row) for read in readers])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return rows


def update(rows: Sequence[models.Model], columns: Iterable[str]) -> None:
    """Write these columns of rows of one model."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if field.name in set(columns)]
    key = meta.pk
    readers = [(field.column, _reader(field, is_new=False)) for field in (key, *fields)]
    values = [{name: read(row) for name, read in readers} for row in rows]
    sets = ", ".join(f'"{field.column}" = given."{field.column}"' for field in fields)
    kinds = ", ".join(f'"{field.column}" {field.cast_db_type(connection)}' for field in (key, *fields))
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{meta.db_table}" AS row SET {sets} FROM jsonb_to_recordset(%s::jsonb) AS given({kinds})'  # noqa: S608  # nosec B608 - names of our own columns
            f' WHERE row."{key.column}" = given."{key.column}"',
            [json.dumps(values, default=str)],
        )


def _draw_keys(rows: Sequence[models.Model]) -> None:
    meta = rows[0]._meta
    with connection.cursor() as cursor:
        cursor.execute(DRAW, [f'"{meta.db_table}"', meta.pk.column, len(rows)])
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number


def _reader(field: Any, *, is_new: bool = True) -> Callable[[Any], Any]:
    """What the column of a row is to hold."""
    if getattr(field, "auto_now", False):
        return lambda row: field.pre_save(row, is_new)
    if isinstance(field, models.ForeignKey):
        return lambda row: _key_of(row, field)
    if isinstance(field, models.JSONField) and is_new:
        return lambda row: json.dumps(getattr(row, field.attname))
    return attrgetter(field.attname)


def _key_of(row: models.Model, field: Any) -> Any:
    """Rows are made before those that they point to have keys."""
    known = getattr(row, field.attname)
    if known is None and field.is_cached(row) and (pointed := field.get_cached_value(row)) is not None:
        known = pointed.pk
        setattr(row, field.attname, known)
    return known
