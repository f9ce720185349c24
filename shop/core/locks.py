"""One lock order for the whole shop, so that two operations can never wait for each other.

import → person → cart → checkout → order → fulfillment → payment → refund → stock rows by pk → coupon → gift card →
counters last.
Models declare `LOCK_RANK`; `lock` refuses to go down in rank within one transaction. Nothing else takes FOR UPDATE, the
outbox's SKIP LOCKED aside (a test looks for it).
"""

from typing import Any, TypeVar, cast

from django.db import connection, models, transaction

IMPORT = 5
PERSON, CART, CHECKOUT, ORDER, FULFILLMENT, PAYMENT, REFUND, STOCK, COUPON, GIFT_CARD, COUNTER = range(
    10, 120, 10
)

Row = TypeVar("Row", bound=models.Model)


class LockOrderBroken(AssertionError):
    """A lock of lower rank was asked for while one of higher rank is held: a possible deadlock, a fault of ours."""


class _Held:
    """Rides in the transaction's own list of commit hooks, so that it ends with the transaction."""

    def __init__(self, rank: int, scope: str | None) -> None:
        self.rank, self.scope = rank, scope

    def __call__(self) -> None:
        """Nothing happens at commit."""


def lock(queryset: models.QuerySet[Row], *, skip_locked: bool = False) -> models.QuerySet[Row]:
    """The rows of `queryset`, locked in the order of their primary keys until the transaction ends.

    `skip_locked` leaves out those that somebody else has locked (for sweepers). Raises LockOrderBroken;
    django.db.OperationalError after lock_timeout.
    """
    rank, scope = cast(Any, queryset.model).LOCK_RANK, _scope()
    held = max(
        (
            hook.rank
            for _, hook, *_ in connection.run_on_commit
            if isinstance(hook, _Held) and hook.scope == scope
        ),
        default=0,
    )
    if rank < held:
        raise LockOrderBroken(f"{queryset.model.__name__} (rank {rank}) after rank {held}")
    transaction.on_commit(_Held(rank, scope))
    return queryset.select_for_update(of=("self",), skip_locked=skip_locked).order_by("pk")


def _scope() -> str | None:
    """The transaction. A test wraps all in one more (or two), whose inner savepoints then stand for transactions."""
    wrappers = sum(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
    return next(iter(connection.savepoint_ids[wrappers - 1 :]), None) if wrappers else None
