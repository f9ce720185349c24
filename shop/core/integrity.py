"""The proof that the books are right: named checks, each registered beside the code that it guards.

`manage.py check_integrity` runs them in one REPEATABLE READ snapshot. A check returns sentences, each naming the rows
that break its rule; none is good news. Checks only read.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.module_loading import autodiscover_modules

Run = Callable[[], Iterable[str]]
_checks: dict[str, "Check"] = {}


@dataclass(frozen=True)
class Check:
    code: str
    rule: str
    run: Run
    on_request: bool = False


def check(code: str, rule: str, *, on_request: bool = False) -> Callable[[Run], Run]:
    """Register a function that yields one sentence a broken row. `code` is like "N01-stock-ledger".

    One that runs `on_request` is slow or looks beyond the database: only its code asks for it.
    """

    def register(function: Run) -> Run:
        if code in _checks and _checks[code].run.__module__ != function.__module__:
            raise ValueError(f"two checks are called {code}")
        _checks[code] = Check(code, rule, function, on_request)
        return function

    return register


def all_checks() -> list[Check]:
    """Every registered check; each app keeps its own in `checks.py`."""
    autodiscover_modules("checks")
    return [_checks[code] for code in sorted(_checks)]


def run(codes: Iterable[str] = (), *, also: Iterable[str] = ()) -> dict[str, list[str]]:
    """{code: sentences}, empty lists included; `codes` are prefixes, none means all but those on request.

    `also` are prefixes of checks that run beside these.
    """
    named = (*codes, *also)
    with _snapshot():
        return {
            check.code: list(check.run())
            for check in all_checks()
            if check.code.startswith(named) or (not codes and not check.on_request)
        }


def rows(sql: str, params: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _snapshot() -> AbstractContextManager[None]:
    return nullcontext() if connection.in_atomic_block else _repeatable_read()


@contextmanager
def _repeatable_read() -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
