"""A pytest plugin for tests that commit: the tables are emptied by one short command between them.

Django truncates every table and then makes content types, permissions and roles again, which costs more than most such
tests do. Here that is done once, and what stands in the tables then is remembered. Afterwards rows are deleted, with the
triggers that forbid it silenced for that one transaction; writers that are still busy are waited for, as TRUNCATE
does. When a test has changed what is remembered, or the role may not silence triggers, Django's way is taken.
"""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase


class Emptying:
    """Brings the database back to what it was after the first time."""

    def __init__(self, thoroughly: Callable[[TransactionTestCase], None]) -> None:
        self.thoroughly = thoroughly
        self.tables: list[str] = []
        self.kept: dict[str, str] = {}

    def __call__(self, case: TransactionTestCase) -> None:
        if not self.tables or not self._is_done_quickly():
            self.thoroughly(case)
            self._remember()

    def _remember(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            if cursor.fetchone()[0]:
                self.tables = connection.introspection.django_table_names(only_existing=True)
                self.kept = {table: rows for table, rows in _rows_of(cursor, self.tables).items() if rows}

    def _is_done_quickly(self) -> bool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(self.tables)} IN EXCLUSIVE MODE")
            if _rows_of(cursor, list(self.kept)) != self.kept:
                return False
            cursor.execute("SET LOCAL session_replication_role = replica")
            others = (table for table in self.tables if table not in self.kept)
            cursor.execute("; ".join(f"DELETE FROM {table}" for table in others))  # noqa: S608
            return True


def _rows_of(cursor, tables: list[str]) -> dict[str, str]:
    """A fingerprint of each table's rows; None for an empty one."""
    each = (
        f"SELECT '{table}', md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t"  # noqa: S608
        for table in tables
    )
    cursor.execute(" UNION ALL ".join(each))
    return dict(cursor.fetchall())


@pytest.fixture(autouse=True, scope="session")
def emptied_quickly() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        emptying = Emptying(TransactionTestCase._fixture_teardown)  # type: ignore[attr-defined]
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: emptying(case))
        yield
