"""What an order's statuses must be, worked out from its journal, its attempts and its lines' quantities.

Pure arithmetic: orders/progress.py writes the results down, the integrity checks compare them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from orders.models import JournalEntry, Order, OrderLine, PaymentAttempt

Kind = JournalEntry.Kind
Payment = Order.PaymentStatus
Sending = Order.FulfillmentStatus


@dataclass(frozen=True)
class Books:
    """Sums of the journal, in minor units."""

    owed: int = 0
    paid: int = 0
    placed: int = 0  # what was agreed at first (and once more when a cancelled order revived)
    captured: int = 0
    refunded: int = 0
    is_free: bool = False


def books_of(entries: Iterable[JournalEntry]) -> Books:
    entries = list(entries)
    return Books(
        owed=sum(entry.owed_minor for entry in entries),
        paid=sum(entry.paid_minor for entry in entries),
        placed=sum(entry.owed_minor for entry in entries if entry.kind == Kind.PLACED),
        captured=sum(entry.paid_minor for entry in entries if entry.kind == Kind.CAPTURED),
        refunded=-sum(
            entry.paid_minor for entry in entries if entry.kind in (Kind.REFUNDED, Kind.REFUND_FAILED)
        ),
        is_free=any(entry.kind == Kind.ZERO for entry in entries),
    )


def payment_status(books: Books, *, attempts: Iterable[str], total_minor: int) -> str:
    """`attempts` are the statuses of the order's attempts.

    Paying twice and getting the second payment back leaves an order paid: only what is refunded below its total counts.
    """
    if not books.captured:
        return Payment.PAID if books.is_free else _status_before_capture(set(attempts))
    given_back = books.refunded - max(0, books.captured - total_minor)
    if given_back <= 0:
        return Payment.PAID if books.paid >= books.owed else _status_before_capture(set(attempts))
    kept = books.captured - books.refunded
    return Payment.PARTIALLY_REFUNDED if kept > 0 else Payment.REFUNDED


def fulfillment_status(lines: Iterable[OrderLine]) -> str:
    """What could not be delivered and came back is under way no longer. Gift cards and downloads are not sent."""
    lines = [line for line in lines if line.is_sent]
    wanted = sum(line.quantity - line.cancelled for line in lines)
    shipped = sum(line.shipped for line in lines)
    if not wanted:
        return Sending.NONE
    if not shipped:
        return Sending.UNFULFILLED
    if shipped < wanted:
        return Sending.PARTIAL
    if sum(line.returned for line in lines) == wanted:
        return Sending.RETURNED
    ended = sum(min(line.shipped, line.delivered + line.undelivered) for line in lines)
    return Sending.DELIVERED if ended == wanted else Sending.SHIPPED


def _status_before_capture(attempts: set[str]) -> str:
    if PaymentAttempt.Status.AUTHORIZED in attempts:
        return Payment.AUTHORIZED
    if PaymentAttempt.Status.PROCESSING in attempts:
        return Payment.PROCESSING
    return Payment.UNPAID
