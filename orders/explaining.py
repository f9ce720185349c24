"""An order's arithmetic and history as text, for whoever asks "why does it cost this?" and "where is the money?"."""

from collections.abc import Iterator

from orders.models import Order
from shop.core.events import timeline_of
from shop.core.money import Money


def explain(order: Order) -> Iterator[str]:
    """Line by line, in plain English figures: staff and operators read this, customers never."""

    def money(minor: int) -> str:
        return f"{Money(minor, order.currency).to_decimal()} {order.currency}"

    yield f"Order {order.number}, placed {order.placed_at:%Y-%m-%d %H:%M} UTC"
    yield f"{order.status}, {order.payment_status}, {order.fulfillment_status}"
    if order.needs_review:
        yield f"to be looked at: {order.needs_review}"
    yield ""
    yield "As agreed"
    yield from (f"  {step}" for step in order.quote.get("steps", []))
    yield ""
    yield "Journal                          owed            paid"
    for entry in order.journal.all():
        yield f"  {entry.created_at:%Y-%m-%d %H:%M} {entry.kind:<14}{money(entry.owed_minor):>14}{money(entry.paid_minor):>16}"
    yield f"  {'sum':<31}{money(order.owed_minor):>14}{money(order.paid_minor):>16}"
    yield f"  still to be paid: {money(order.due_minor)}"
    yield ""
    yield "Payments"
    for attempt in order.attempts.all():
        about = " ".join(filter(None, [attempt.provider_ref, attempt.means, attempt.error_code]))
        yield f"  {attempt.gateway} {money(attempt.amount_minor)} {attempt.status} {about}".rstrip()
    for refund in order.refunds.all():
        about = " ".join(filter(None, [refund.provider_ref, refund.reason, refund.error]))
        yield f"  back {money(refund.amount_minor)} {refund.status} {about}".rstrip()
    yield ""
    yield "Lines"
    for line in order.lines.all():
        yield (
            f"  {line.sku}: {line.quantity} ordered, {line.cancelled} cancelled, {line.picked} picked, "
            f"{line.shipped} shipped, {line.delivered} delivered, {line.returned} returned"
        )
    yield ""
    yield "What happened"
    for event in timeline_of(order, *order.refunds.all()):
        yield f"  {event.created_at:%Y-%m-%d %H:%M:%S} {event.name}"
