"""Whether the database has left us, as opposed to having refused something.

Away is what passes by itself or by an operator's hand, whoever asks and for whatever: no connection can be made, the
connection broke, the server is shutting down, starting up or full. A statement that ran too long, a lock that was not
given or a rule that was broken is an answer.
"""

from collections.abc import Iterator

from django.db import InterfaceError, OperationalError

# https://www.postgresql.org/docs/current/errcodes-appendix.html
CONNECTION_EXCEPTION = "08"
FULL = "53300"  # too_many_connections
ENDING_OR_STARTING = ("57P01", "57P02", "57P03")  # admin_shutdown, crash_shutdown, cannot_connect_now


def has_left(error: BaseException | None) -> bool:
    """Whether `error` came about because the database is away."""
    return any(_means_away(one) for one in _causes(error))


def _means_away(error: BaseException) -> bool:
    if not isinstance(error, InterfaceError | OperationalError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)  # None: nobody was there to give one
    if state is None:
        return True
    return state.startswith(CONNECTION_EXCEPTION) or state == FULL or state in ENDING_OR_STARTING


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
