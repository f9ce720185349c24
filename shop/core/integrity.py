"""The proof that the books are right: named checks, each registered beside the code that it guards.

`manage.py check_integrity` runs them in one REPEATABLE READ snapshot. A check returns sentences, each naming the rows
that break its rule; none is good news. Checks only read.
"""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.module_loading import autodiscover_modules

_checks: dict[str, "Check"] = {}


@dataclass(frozen=True)
class Check:
    code: str
    rule: str
    run: Callable[[], Iterable[str]]


def check(code: str, rule: str) -> Callable:
    """Register a function that yields one sentence a broken row. `code` is like "N01-stock-ledger"."""

    def register(function):
        if code in _checks and _checks[code].run.__module__ != function.__module__:
            raise ValueError(f"two checks are called {code}")
        _checks[code] = Check(code, rule, function)
        return function

    return register


def all_checks() -> list[Check]:
    """Every registered check; each app keeps its own in `checks.py`."""
    autodiscover_modules("checks")
    return [_checks[code] for code in sorted(_checks)]


def run(codes: Iterable[str] = ()) -> dict[str, list[str]]:
    """{code: sentences}, empty lists included; `codes` are prefixes, none means all."""
    wanted = tuple(codes) or ("",)
    with _snapshot():
        return {check.code: list(check.run()) for check in all_checks() if check.code.startswith(wanted)}


def rows(sql: str, params: Iterable = ()) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return cursor.fetchall()


def _snapshot():
    return nullcontext() if connection.in_atomic_block else _repeatable_read()


class _repeatable_read:
    def __enter__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def __exit__(self, *error):
        self.atomic.__exit__(*error)
