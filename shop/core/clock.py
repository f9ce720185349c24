"""The moment it is. Append-only rows get theirs from here, so that the demo shop can have a past.

Expiry compares with the database's own now() (`django.db.models.functions.Now`), never with this.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """UTC, aware."""
    return _moment.get() or timezone.now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within it, `now()` is `moment`. For seeding a demo's history; production code does not travel."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
