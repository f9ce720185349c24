"""Money that goes back is a row before the provider hears of it, so that it can neither be forgotten nor sent twice.

Never more goes back than came in by the same payment, counted over everything that is under way. What was paid with a
provider goes back first, the newest payment before the others; then store credit and gift cards get back what they paid.
Staff may choose the buyer's store credit for all of it instead. What a refund is for, and
what the order still owes, is decided elsewhere (orders/refunding.py, orders/cancelling.py); this only returns what is
owed to the customer.
"""

from typing import Any

from django.db.models import Sum
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from orders.models import JournalEntry, Order, PaymentAttempt, Refund
from shop.core import events
from shop.core.errors import Refused
from shop.core.remarks import Remark

UNPAID = Remark(gettext_noop("the order ended unpaid"))


class NothingToRefund(Refused):
    """As much as was paid has gone back, or is going."""


def credit(order: Order) -> int:
    """What we owe the customer and have not sent on its way yet."""
    return max(0, -order.due_minor - _under_way(order))


def held(order: Order) -> int:
    """What was paid and is not on its way back: what cancelling the order now would send back."""
    return max(0, order.paid_minor - _under_way(order))


def left_of(attempt: PaymentAttempt) -> int:
    """What can still go back by this payment."""
    taken = JournalEntry.objects.filter(reference=f"capture:{attempt.uuid}").values_list(
        "paid_minor", flat=True
    )
    gone = attempt.refunds.alive().aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return (taken.first() or 0) - gone


def repay(
    order: Order,
    *,
    amount_minor: int,
    reason: str,
    cause: str,
    attempt: PaymentAttempt | None = None,
    shipping_minor: int = 0,
    as_credit: bool = False,
    by: Any = None,
) -> list[Refund]:
    """Send `amount_minor` back by `attempt`, or by the payments of the order in their order; or `as_credit`.

    The caller holds the order's lock. The same `cause` goes back once. Raises NothingToRefund.
    """
    if cause and (known := list(order.refunds.alive().filter(cause=cause))):
        return known
    payments = [attempt] if attempt else _payments(order)
    parts = _split(payments, amount_minor)
    refunds: list[Refund] = []
    for payment, part in parts:
        refund = Refund.objects.create(
            order=order,
            attempt=payment,
            as_credit=as_credit,
            amount_minor=part,
            shipping_minor=min(shipping_minor, part) if not refunds else 0,
            currency=order.currency,
            reason=reason[:200],
            cause=cause[:60],
            by=by if getattr(by, "pk", None) else None,
            next_check_at=Now(),
        )
        events.record("refund.requested", refund, by=by, order=order.pk, amount_minor=part)
        refunds.append(refund)
    return refunds


def repay_tenders(order: Order) -> list[Refund]:
    """An order that nobody paid has ended: its gift cards and store credit get back what they had paid. Once."""
    owed = credit(order)
    return repay(order, amount_minor=owed, reason=UNPAID(), cause="unpaid") if owed else []


def _payments(order: Order) -> list[PaymentAttempt]:
    """By which money came in, in the order in which it goes back."""
    taken = order.attempts.filter(status="captured").order_by("-created_at", "-pk")
    return sorted(taken, key=lambda one: bool(one.purse))


def _split(payments: list[PaymentAttempt], amount_minor: int) -> list[tuple[PaymentAttempt, int]]:
    parts, wanted = [], amount_minor
    for payment in payments:
        if (part := min(wanted, left_of(payment))) > 0:
            parts.append((payment, part))
            wanted -= part
    if wanted or not parts:
        raise NothingToRefund(_("That is more than can still be paid back."))
    return parts


def _under_way(order: Order) -> int:
    return order.refunds.under_way().aggregate(sum=Sum("amount_minor"))["sum"] or 0
