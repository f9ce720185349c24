"""A return ends with money, or with a reason why there is none. It is refunded under its own name, so once."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fulfillment.holding import hold_return
from fulfillment.models import Return, ReturnLine
from fulfillment.returning import told
from orders import progress, refunding, repaying
from orders.models import JournalEntry, Order, PaymentAttempt, Refund
from shop.core import events
from shop.core.errors import Refused
from shop.core.remarks import Remark

Status = Return.Status
OF_RETURN = Remark(gettext_noop("return %(number)s"))


class NotOwed(Refused):
    """It did not come back, or the deduction leaves nothing."""


class CashFirst(Refused):
    """The buyer has paid, on delivery or when he collected: what came in must be in the books before it can go back."""


@transaction.atomic
def settle(
    wish: Return,
    *,
    lines: Mapping[int, int] | None = None,
    shipping_minor: int = 0,
    deduction_minor: int = 0,
    by,
) -> list[Refund]:
    """Pay back {order line id: pieces}, None: all that came, with a part of the delivery, less a deduction.

    What was never paid is no longer owed instead. Raises NotOwed, CashFirst, orders.refunding.TooMuch, NothingToRefund.
    """
    wish = hold_return(wish)
    order = wish.order
    pieces = _accepted(wish, lines)
    worth = worth_of(order, lines=pieces) + shipping_minor
    if not 0 <= deduction_minor < worth:
        raise NotOwed(
            _("A deduction is less than what is paid back. Close the return without refund instead.")
        )
    is_paid = _is_paid(order)
    if not is_paid and _was_delivered(wish, pieces):
        raise CashFirst(
            _("Record the cash first: these goods were delivered, so the customer has paid for them.")
        )
    wish.move_to(Status.REFUNDED)
    refunds = []
    if is_paid:
        refunds = refunding.refund(
            order,
            lines=pieces,
            shipping_minor=shipping_minor,
            amount_minor=worth - deduction_minor if deduction_minor else None,
            reason=OF_RETURN(number=wish.number),
            cause=wish.cause,
            by=by,
        )
    else:
        refunds = _waive(order, worth - deduction_minor, wish, by=by)
    events.record("return_request.settled", wish, by=by, refunds=[refund.pk for refund in refunds])
    return refunds


@transaction.atomic
def close(wish: Return, *, reason: str, by) -> Return:
    """Nothing is paid back; `reason` is told to the customer. Raises NothingChosen without one."""
    wish = hold_return(wish)
    wish.move_to(Status.CLOSED, refusal=told(reason))
    events.record("return_request.closed", wish, by=by)
    return wish


def worth_of(order: Order, *, lines: Mapping[int, int]) -> int:
    """What {order line id: pieces} were paid with, in minor units, to the cent as a refund will count it."""
    left = refunding.refundable(order).lines
    rows = {line.pk: line for line in order.lines.all()}
    worth = 0
    for pk, pieces in lines.items():
        line, whole = rows[pk], refunding.gross(rows[pk], order)
        before = line.quantity - left[pk]
        worth += whole * (before + pieces) // line.quantity - whole * before // line.quantity
    return worth


def _accepted(wish: Return, lines: Mapping[int, int] | None) -> dict[int, int]:
    came = {line.order_line_id: line.received for line in wish.lines.all()}
    wanted = came if lines is None else lines
    if any(not 0 <= pieces <= came.get(pk, 0) for pk, pieces in wanted.items()):
        raise NotOwed(_("Only what came back can be paid back."))
    chosen = {pk: pieces for pk, pieces in wanted.items() if pieces}
    if not chosen:
        raise NotOwed(_("Nothing is left to pay back: close the return without refund."))
    return chosen


def _was_delivered(wish: Return, pieces: Mapping[int, int]) -> bool:
    """Whether any of it had reached the customer; what a carrier brought back had not."""
    return any(
        line.order_line.delivered and line.reason != ReturnLine.Reason.UNDELIVERED
        for line in wish.lines.all()
        if line.order_line_id in pieces
    )


def _is_paid(order: Order) -> bool:
    """In full: a gift card may have paid a part of what the carrier still has to collect."""
    found = set(order.attempts.values_list("status", flat=True))
    return PaymentAttempt.Status.CAPTURED in found and PaymentAttempt.Status.PROMISED not in found


def _waive(order: Order, minor: int, wish: Return, *, by) -> list[Refund]:
    """Cash on delivery that was never collected: the customer owes that much less.

    What gift cards had paid beyond the rest goes back to them.
    """
    progress.enter(
        order,
        kind=JournalEntry.Kind.RETURNED,
        owed_minor=-min(minor, order.owed_minor),
        reference=wish.cause,
        by=by,
    )
    owed = repaying.credit(order)
    if not owed:
        return []
    return repaying.repay(
        order, amount_minor=owed, reason=OF_RETURN(number=wish.number), cause=wish.cause, by=by
    )
