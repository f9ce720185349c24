"""Money that came by bank transfer is booked to its order: exactly, too little or too much; each transfer once.

Exactly: the order is confirmed and paid. Too little: what came is entered, the order goes on waiting for the rest, and its
buyer is told how much that is. Too much: the surplus goes back. An order that was given up comes back to life if its goods
can still be had, else the money goes back. What goes back by this way is paid out by a person, who then says so.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from checkout.gateways import gateway_named
from orders import booking, repaying
from orders.awaiting import AWAITED, TRANSFER
from orders.confirming import confirm, note_paid
from orders.models import Order, PaymentAttempt, Refund, Transfer
from shop.core import events
from shop.core.errors import Refused
from shop.core.locks import lock
from shop.core.remarks import Remark

Status = PaymentAttempt.Status
PAID_TOO_MUCH = Remark(gettext_noop("more was sent than is owed"))


class WrongCurrency(Refused):
    """An order is paid in its own currency."""


class AlreadyBooked(Refused):
    """It was booked to another order."""


@transaction.atomic
def book(transfer: Transfer, *, order: Order, by: Any = None) -> Transfer:
    """Booking it again to the same order changes nothing. Raises WrongCurrency, AlreadyBooked."""
    transfer = lock(Transfer.objects.filter(pk=transfer.pk)).get()
    if transfer.status == Transfer.Status.BOOKED:
        if transfer.order_id != order.pk:
            raise AlreadyBooked(_("This transfer is booked to another order already."))
        return transfer
    order = lock(Order.objects.filter(pk=order.pk)).get()
    list(lock(PaymentAttempt.objects.filter(order=order)))
    list(lock(Refund.objects.filter(order=order)))
    if order.currency != transfer.currency:
        raise WrongCurrency(
            _("The order is in %(one)s, the transfer in %(other)s.")
            % {"one": order.currency, "other": transfer.currency}
        )
    attempt = _attempt(order, transfer)
    transfer.move_to(Transfer.Status.BOOKED, order=order, attempt=attempt, why="")
    events.record("transfer.booked", transfer, by=by, order=order.pk, amount_minor=transfer.amount_minor)
    was_due = order.due_minor > 0
    booking.enter_capture(attempt, received_minor=transfer.amount_minor)
    _follow(order, attempt, was_due, by)
    return transfer


@transaction.atomic
def ignore(transfer: Transfer, *, by: Any) -> None:
    """It has nothing to do with an order."""
    transfer = lock(Transfer.objects.filter(pk=transfer.pk)).get()
    transfer.move_to(Transfer.Status.IGNORED, order=None, why="")
    events.record("transfer.ignored", transfer, by=by)


def _attempt(order: Order, transfer: Transfer) -> PaymentAttempt:
    """The one that waits for it takes all of it; of too little, a new one takes what came and the first goes on waiting."""
    got = transfer.amount_minor
    waiting = order.attempts.filter(
        gateway__in=AWAITED, status__in=[Status.INTENT_CREATED, Status.PROMISED]
    ).first()
    means = _("Bank transfer")
    if waiting and got >= waiting.amount_minor:
        waiting.move_to(Status.CAPTURED, amount_minor=got, means=means)
        waiting.order = order
        return waiting
    if waiting:
        PaymentAttempt.objects.filter(pk=waiting.pk).update(amount_minor=waiting.amount_minor - got)
    return PaymentAttempt.objects.create(
        order=order,
        gateway=TRANSFER,
        status=Status.CAPTURED,
        amount_minor=got,
        currency=order.currency,
        means=means,
    )


def _follow(order: Order, attempt: PaymentAttempt, was_due: bool, by: Any) -> None:
    if order.status == Order.Status.CANCELLED:
        booking.late(order, attempt)
    elif order.due_minor > 0:
        _short(order, attempt, by)
    elif was_due:
        if order.status == Order.Status.PLACED:
            confirm(order, by=by)
        booking.withdraw_promise(order)
        note_paid(order, by=by)
    if order.status != Order.Status.CANCELLED and (surplus := repaying.credit(order)):
        repaying.repay(
            order,
            attempt=attempt,
            amount_minor=min(surplus, attempt.amount_minor),
            reason=PAID_TOO_MUCH(),
            cause=f"surplus:{attempt.pk}",
            by=by,
        )


def _short(order: Order, attempt: PaymentAttempt, by: Any) -> None:
    days = timedelta(days=gateway_named(TRANSFER).days_to_pay)
    Order.objects.filter(pk=order.pk, status=Order.Status.PLACED).update(
        pay_before=Greatest("pay_before", Now() + days)
    )
    events.record("payment.short", order, by=by, attempt=attempt.pk, due_minor=order.due_minor)
