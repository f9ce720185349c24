"""The only writer of an order's copies: owed, paid, payment status, fulfillment status and the lines' quantities.

The truth about money is the journal, the truth about goods the lines' quantities; whatever is derived from them is written
in the same transaction. An order that is delivered and paid, or of which nothing is
owed any more, is completed; one of which nothing has to be sent is, once it is paid. What is due of an invoice is told to
the company's account. Callers hold the order's lock.
"""

from typing import Any

from django.db import transaction
from django.db.models import F

from checkout.gateways.invoice import Invoice
from orders.deriving import books_of, fulfillment_status, payment_status
from orders.models import JournalEntry, Order, OrderLine
from shop.accounts import companies
from shop.core import clock, events
from shop.core.locks import lock

DONE = (Order.FulfillmentStatus.DELIVERED, Order.FulfillmentStatus.RETURNED)


class NotSoMany(ValueError):
    """More pieces than the line has in that state: a fault of ours, stopped before it reaches the database."""


def enter(
    order: Order,
    *,
    kind: str,
    owed_minor: int = 0,
    paid_minor: int = 0,
    reference: str | None = None,
    by: Any = None,
) -> JournalEntry | None:
    """One row of the journal, and what follows from it. None when `reference` was entered before."""
    if reference and JournalEntry.objects.filter(reference=reference).exists():
        return None
    entry = JournalEntry.objects.create(
        order=order,
        kind=kind,
        owed_minor=owed_minor,
        paid_minor=paid_minor,
        currency=order.currency,
        reference=reference,
        actor=by if getattr(by, "pk", None) else None,
    )
    refresh(order, by=by)
    return entry


def refresh(order: Order, *, by: Any = None) -> None:
    """Work the copies out anew; complete the order when that was the last thing missing."""
    books = books_of(order.journal.all())
    copies = {
        "owed_minor": books.owed,
        "paid_minor": books.paid,
        "payment_status": payment_status(
            books,
            attempts=order.attempts.values_list("status", flat=True),
            total_minor=order.total_minor,
        ),
        "fulfillment_status": fulfillment_status(order.lines.all()),
    }
    Order.objects.filter(pk=order.pk).update(**copies)
    for name, value in copies.items():
        setattr(order, name, value)
    if order.gateway == Invoice.code:
        companies.keep_open(order.account_reference, amount_minor=max(0, order.due_minor))
    _complete_if_done(order, by)


def note_picked(line: OrderLine, *, quantity: int, by: Any = None) -> None:
    """Taken off the shelf: from now on the customer can no longer cancel. Negative: put back."""
    _count(line, "picked", quantity, most=line.quantity - line.cancelled)


def note_packed(order: Order, *, by: Any = None) -> None:
    """Something of it is in boxes: an authorised payment is taken now, before anybody pays for a label."""
    if order.payment_status == Order.PaymentStatus.AUTHORIZED:
        events.record("payment.capture_requested", order, by=by)


def note_shipped(line: OrderLine, *, quantity: int, by: Any = None) -> None:
    """Left the house (catalog.stock.ship is the caller's business)."""
    _count(line, "shipped", quantity, most=line.quantity - line.cancelled)
    refresh(line.order, by=by)


def note_delivered(line: OrderLine, *, quantity: int, by: Any = None) -> None:
    _count(line, "delivered", quantity, most=line.shipped)
    refresh(line.order, by=by)


def note_returned(line: OrderLine, *, quantity: int, undelivered: int = 0, by: Any = None) -> None:
    """Came back to us; `undelivered` of them never reached the customer."""
    _count(line, "returned", quantity, most=line.shipped)
    _count(line, "undelivered", undelivered, most=line.returned)
    refresh(line.order, by=by)


def note_cancelled(line: OrderLine, *, quantity: int, by: Any = None) -> None:
    """Will not be sent (the stock is released by the caller). Negative: the order revived."""
    _count(line, "cancelled", quantity, most=line.quantity - max(line.picked, line.shipped))
    refresh(line.order, by=by)


def flag(order: Order, *, reason: str, by: Any = None) -> None:
    """A person must look at it. The first reason stays until somebody has."""
    if not order.needs_review:
        order.needs_review = reason[:200]
        Order.objects.filter(pk=order.pk).update(needs_review=order.needs_review)
        events.record("order.flagged", order, by=by, reason=order.needs_review)


@transaction.atomic
def clear_flag(order: Order, *, by: Any) -> None:
    """Somebody has looked. Takes the order's lock itself; a second time changes nothing."""
    held = lock(Order.objects.filter(pk=order.pk)).get()
    if held.needs_review:
        Order.objects.filter(pk=order.pk).update(needs_review="")
        events.record("order.reviewed", order, by=by, reason=held.needs_review)
    order.needs_review = ""


def _count(line: OrderLine, name: str, quantity: int, *, most: int) -> None:
    """`line` was read under the order's lock, so what it says is true."""
    if not 0 <= getattr(line, name) + quantity <= most:
        raise NotSoMany(f"line {line.pk}: {name} {getattr(line, name)} + {quantity}, at most {most}")
    OrderLine.objects.filter(pk=line.pk).update(**{name: F(name) + quantity})
    setattr(line, name, getattr(line, name) + quantity)


def _complete_if_done(order: Order, by: Any) -> None:
    is_settled = order.due_minor <= 0 and (
        order.payment_status != Order.PaymentStatus.UNPAID or order.owed_minor <= 0
    )
    if order.status == Order.Status.CONFIRMED and is_settled and _is_all_there(order):
        order.move_to(Order.Status.COMPLETED, completed_at=clock.now())
        events.record("order.completed", order, by=by)


def _is_all_there(order: Order) -> bool:
    """The buyer has all that he gets; what is not sent is handed out when it is paid: orders/issuing.py, and delivering
    of fulfillment."""
    if order.fulfillment_status != Order.FulfillmentStatus.NONE:
        return order.fulfillment_status in DONE
    return any(not line.is_sent and line.quantity > line.cancelled for line in order.lines.all())
