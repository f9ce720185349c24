"""What a payment that moved means for its order: confirmed, paid, revived, overpaid, declined.

Late money: an order that was given up because nobody paid comes back to life if its goods can still be had and the money
is all of it. If not, or if somebody had cancelled it on purpose, the money goes back at once. A second payment of the
same order goes back too, the newer one. Everything here runs within the transaction of orders/settling.py, under the
order's lock.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from cart import coupons
from catalog import stock
from checkout.gateways.base import Payment
from orders import progress, repaying
from orders.confirming import confirm, note_paid
from orders.models import JournalEntry, Order, PaymentAttempt
from shop.accounts import buyers
from shop.core import events
from shop.core.remarks import Remark

Status = PaymentAttempt.Status
MOST_DECLINES = 5  # then the intent is withdrawn: somebody is trying cards (orders/paying.py lets him wait)
ENDED_UNTAKEN = Remark(gettext_noop("The authorised payment has ended before it was taken: nothing is paid."))
PAID_TWICE = Remark(gettext_noop("paid twice"))
KEPT = Remark(gettext_noop("Paid after it was cancelled; the money is kept until somebody decides."))
PAID_LATE = Remark(gettext_noop("paid after the order was cancelled"))
GOES_BACK = Remark(gettext_noop("Paid too late, its goods were sold meanwhile; the money goes back."))
PAID_OTHERWISE = Remark(gettext_noop("Paid online although cash on delivery was agreed: nothing to collect."))
PAY_LINK_HOURS = 24  # to pay otherwise, after a debit came back


def follow(attempt: PaymentAttempt, *, before: str) -> None:
    """The attempt has just moved from `before` to its status."""
    order = attempt.order
    if attempt.status == Status.CAPTURED:
        _captured(order, attempt)
    elif attempt.status == Status.AUTHORIZED and order.status == Order.Status.PLACED:
        progress.refresh(order)
        confirm(order)
    elif attempt.status == Status.PROCESSING:
        _prolong(order, timedelta(days=settings.SHOP_ASYNC_HOLD_DAYS))
        progress.refresh(order)
    else:
        progress.refresh(order)
        if before == Status.PROCESSING and attempt.status in (Status.CANCELED, Status.FAILED):
            _came_to_nothing(attempt)
        if before == Status.AUTHORIZED and order.status == Order.Status.CONFIRMED and order.due_minor > 0:
            progress.flag(order, reason=ENDED_UNTAKEN())


def enter_capture(attempt: PaymentAttempt, *, received_minor: int) -> None:
    progress.enter(
        attempt.order,
        kind=JournalEntry.Kind.CAPTURED,
        paid_minor=received_minor,
        reference=f"capture:{attempt.uuid}",
    )


def note_decline(attempt: PaymentAttempt, payment: Payment, *, was_processing: bool) -> None:
    """A card was refused; the customer may try another on the same intent. Each try counts once."""
    mark = payment.charge_ref or payment.error_code
    if mark == attempt.charge_ref:
        return
    attempt.declines += 1
    attempt.charge_ref, attempt.error_code = mark[:100], payment.error_code[:60]
    attempt.error_message = payment.error_message[:300]
    attempt.save(update_fields=["declines", "charge_ref", "error_code", "error_message", "updated_at"])
    events.record("payment.failed", attempt.order, attempt=attempt.pk, code=attempt.error_code)
    if was_processing:
        _came_to_nothing(attempt)


def is_unwanted(attempt: PaymentAttempt) -> bool:
    """Nobody should be able to pay it any more."""
    order = attempt.order
    if attempt.status == Status.AUTHORIZED:
        return order.status == Order.Status.CANCELLED or _has_other_money(order, attempt)
    return (
        order.status != Order.Status.PLACED
        or attempt.status in (Status.CANCELED, Status.FAILED)
        or attempt.declines >= MOST_DECLINES
    )


def _captured(order: Order, attempt: PaymentAttempt) -> None:
    enter_capture(attempt, received_minor=attempt.amount_minor)
    if order.status == Order.Status.PLACED:
        confirm(order)
        note_paid(order)
    elif order.status == Order.Status.CANCELLED:
        late(order, attempt)
    elif order.due_minor < 0:
        events.record("payment.duplicated", order, attempt=attempt.pk)
        repaying.repay(
            order,
            attempt=attempt,
            amount_minor=min(attempt.amount_minor, repaying.credit(order)),
            reason=PAID_TWICE(),
            cause=f"duplicate:{attempt.pk}",
        )
    else:
        withdraw_promise(order)
        note_paid(order)


def late(order: Order, attempt: PaymentAttempt) -> None:
    if settings.SHOP_LATE_PAYMENT == "hold":
        progress.flag(order, reason=KEPT())
    elif _covers(order, attempt) and _goods_are_back(order):
        _revive(order, attempt)
    else:
        events.record("payment.late", order, attempt=attempt.pk)
        repaying.repay(
            order,
            attempt=attempt,
            amount_minor=attempt.amount_minor,
            reason=PAID_LATE(),
            cause=f"late:{attempt.pk}",
        )
        if order.cancelled_because == Order.CancelledBecause.EXPIRED:
            progress.flag(order, reason=GOES_BACK())


def _covers(order: Order, attempt: PaymentAttempt) -> bool:
    """Whether this alone pays an order that ran out of time: what gift cards had paid of it went back to them."""
    is_expired = order.cancelled_because == Order.CancelledBecause.EXPIRED
    return is_expired and attempt.amount_minor >= order.total_minor


def _goods_are_back(order: Order) -> bool:
    if order.lines.filter(variant=None).exists():
        return False
    try:
        with transaction.atomic():
            stock.reserve(order.pieces(), holder=order.holder, minutes=1)
            stock.commit(order.holder, to=order.holder)
    except stock.OutOfStock:
        return False
    return True


def _revive(order: Order, attempt: PaymentAttempt) -> None:
    for line in order.lines.all():
        line.order = order
        progress.note_cancelled(line, quantity=-line.cancelled)
    progress.enter(
        order,
        kind=JournalEntry.Kind.PLACED,
        owed_minor=order.total_minor - order.owed_minor,
        reference=f"revived:{attempt.uuid}",
    )
    coupons.restore(order.holder)
    buyers.note_order(order.email, user=order.user)
    confirm(order)
    note_paid(order)


def withdraw_promise(order: Order) -> None:
    """Cash was to be collected, and now it is paid already: the parcel must not ask for it again."""
    for promised in order.attempts.filter(status=Status.PROMISED):
        promised.move_to(Status.CANCELED)
        progress.flag(order, reason=PAID_OTHERWISE())


def _came_to_nothing(attempt: PaymentAttempt) -> None:
    """It was under way for days: the customer is told, and the goods are kept a day for another try."""
    if attempt.order.status == Order.Status.PLACED:
        _prolong(attempt.order, timedelta(hours=PAY_LINK_HOURS))
        events.record("payment.returned", attempt.order, attempt=attempt.pk)


def _has_other_money(order: Order, attempt: PaymentAttempt) -> bool:
    return (
        order.attempts.exclude(pk=attempt.pk)
        .filter(purse="", status__in=[Status.CAPTURED, Status.PROMISED])
        .exists()
    )


def _prolong(order: Order, span: timedelta) -> None:
    """Keep the goods of an unpaid order until then, and no longer."""
    Order.objects.filter(pk=order.pk, status=Order.Status.PLACED).update(pay_before=Now() + span)
