"""What the provider says about a refund, written into the books: paid back, come back, or made in its dashboard.

A refund that fails leaves the money owed to the customer, and a person to look at it. A refund that we do not know was made
in the provider's own pages: it is booked as it happened; goods and lines are not touched by it.
"""

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from checkout.gateways.base import RefundAnswer, RefundState
from orders import progress, repaying
from orders.models import JournalEntry, Order, PaymentAttempt, Refund
from shop.core import events
from shop.core.remarks import Remark

Status = Refund.Status
REFUND_FAILED = Remark(gettext_noop("A refund failed (%(error)s); the money is still owed."))
FROM_OUTSIDE = Remark(gettext_noop("made in the provider's dashboard"))
STATUS_OF = {
    RefundState.PENDING: Status.PENDING,
    RefundState.SUCCEEDED: Status.SUCCEEDED,
    RefundState.FAILED: Status.FAILED,
    RefundState.CANCELED: Status.CANCELED,
}


def apply_answer(attempt: PaymentAttempt, answer: RefundAnswer) -> Refund | None:
    """Within a transaction that holds the locks of order, attempt and refunds. None: nothing of ours, nothing to book."""
    refund = _known(attempt, answer) or _from_outside(attempt, answer)
    if refund is None:
        return None
    refund.order = attempt.order
    new, before = STATUS_OF[answer.state], refund.status
    if refund.can_move_to(new):
        again = Now() + timedelta(minutes=30) if new == Status.PENDING else None
        refund.move_to(new, provider_ref=answer.provider_ref, error=answer.error[:300], next_check_at=again)
        _book(refund, before)
    return refund


def fail(refund: Refund, *, error: str) -> None:
    """The provider refused it. The caller holds the locks, and refund.order is the locked order."""
    before = refund.status
    refund.move_to(Status.FAILED, error=error[:300], next_check_at=None)
    _book(refund, before)


def _known(attempt: PaymentAttempt, answer: RefundAnswer) -> Refund | None:
    mine = Q(provider_ref=answer.provider_ref)
    if len(answer.reference) == 36:
        mine |= Q(uuid=answer.reference)
    return Refund.objects.filter(mine, attempt=attempt).first()


def _from_outside(attempt: PaymentAttempt, answer: RefundAnswer) -> Refund | None:
    if answer.state not in (RefundState.PENDING, RefundState.SUCCEEDED):
        return None
    order = attempt.order
    beyond = max(0, answer.amount.minor - repaying.credit(order))
    refund = Refund.objects.create(
        order=order,
        attempt=attempt,
        amount_minor=answer.amount.minor,
        currency=order.currency,
        reason=FROM_OUTSIDE(),
        cause=f"outside:{answer.provider_ref}"[:60],
    )
    if beyond:
        progress.enter(
            order,
            kind=JournalEntry.Kind.ALLOWANCE,
            owed_minor=-beyond,
            reference=f"allowance:{refund.uuid}",
        )
    return refund


def _book(refund: Refund, before: str) -> None:
    order = refund.order
    if refund.status == Status.SUCCEEDED:
        _enter(order, refund, JournalEntry.Kind.REFUNDED, -refund.amount_minor)
        events.record("refund.succeeded", refund, order=order.pk, amount_minor=refund.amount_minor)
    elif refund.status in (Status.FAILED, Status.CANCELED):
        if before == Status.SUCCEEDED:
            _enter(order, refund, JournalEntry.Kind.REFUND_FAILED, refund.amount_minor)
        events.record("refund.failed", refund, order=order.pk, error=refund.error)
        progress.flag(order, reason=REFUND_FAILED(error=refund.error or refund.status))


def _enter(order: Order, refund: Refund, kind: str, paid_minor: int) -> None:
    progress.enter(order, kind=kind, paid_minor=paid_minor, reference=f"{kind}:{refund.uuid}", by=refund.by)
