"""Getting an order paid: one attempt at a time, one intent an attempt, and never a second charge.

The attempt is stored before the provider is asked, so an answer that never came is found again. Pressing Pay again, in
this window or another one, goes on with the same attempt; only when that can no longer be used (another amount, another
way of paying, an outcome that nobody knows) is it withdrawn and a new one made. An order that is confirmed, cancelled or
out of time is not paid any more.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from checkout.gateways import gateway_named, offered
from checkout.gateways.base import GatewayRefused, GatewayUnavailable, Payment, State
from orders import braking, progress
from orders.agreeing import agree
from orders.asking import asked
from orders.confirming import note_paid
from orders.expiring import expire_unpaid
from orders.models import JournalEntry, Order, PaymentAttempt
from orders.purchasing import purchase_of
from orders.settling import handle_of, record, settle
from orders.withdrawing import withdraw
from shop.core import events
from shop.core.errors import Refused
from shop.core.locks import lock
from shop.core.remarks import Remark

__all__ = [
    "AlreadyPaid",
    "PaymentRefused",
    "PaymentUnavailable",
    "Started",
    "change_means",
    "expire_unpaid",
    "record_cash",
    "settle",
    "start_payment",
]
Status = PaymentAttempt.Status
LONGEST_HOURS = 2  # how long pressing Pay again keeps the goods of an unpaid order
TRIES = 3
TOO_MUCH_CASH = Remark(gettext_noop("More was collected than is owed by now: pay it back."))


class AlreadyPaid(Refused):
    """Paid, promised or under way: there is nothing to pay here now."""


class NotPayable(Refused):
    """Cancelled, or meant to be paid otherwise."""


class PaymentUnavailable(Refused):
    """The provider gave no answer. Nobody was charged."""


class PaymentRefused(Refused):
    """The provider will not take this payment."""


@dataclass(frozen=True)
class Started:
    """Either a secret for the Payment Element on our page, or the address of the provider's own page."""

    attempt: PaymentAttempt
    client_secret: str = ""
    redirect_url: str = ""


@dataclass(frozen=True)
class Way:
    """How it is to be paid: on the provider's own page or on ours, as which of its customers, with the card kept or not."""

    is_hosted: bool = False
    customer_ref: str = ""
    keeps_card: bool = False


def start_payment(
    order: Order,
    *,
    hosted: bool = False,
    customer: str = "",
    keeps_card: bool = False,
    network: str = "",
    by: Any = None,
) -> Started:
    """Have the order paid online, on our own page or (hosted) on the provider's.

    `customer` is the provider's name for the person who pays, `keeps_card` his wish to have the card kept, `network` where
    he sits (orders/braking.py).
    Raises AlreadyPaid, NotPayable, PaymentUnavailable, PaymentRefused. No transaction may be open.
    """
    way = Way(is_hosted=hosted, customer_ref=customer, keeps_card=keeps_card)
    for _try in range(TRIES):
        attempt = _attempt_for(order, way, network)
        payment = _ask(order, attempt)
        if payment and payment.state in (State.OPEN, State.ACTION):
            attempt = record(attempt, payment=payment)
            if attempt.is_active:  # nobody has withdrawn it since
                return Started(
                    attempt, client_secret=payment.client_secret, redirect_url=payment.redirect_url
                )
        _move_on(attempt, payment)
    raise PaymentUnavailable(unavailable())


@transaction.atomic
def record_cash(order: Order, *, by: Any) -> Order:
    """The carrier has brought the money, or the customer who collected the goods. Raises NotPayable if none was promised."""
    order = lock(Order.objects.filter(pk=order.pk)).get()
    attempt = lock(order.attempts.filter(status=Status.PROMISED)).first()
    if attempt is None:
        raise NotPayable(_("No cash is expected for this order."))
    attempt.move_to(Status.CAPTURED)
    progress.enter(
        order,
        kind=JournalEntry.Kind.CAPTURED,
        paid_minor=attempt.amount_minor,
        reference=f"capture:{attempt.uuid}",
        by=by,
    )
    if order.due_minor < 0:  # a return was settled before the carrier had paid in
        progress.flag(order, reason=TOO_MUCH_CASH(), by=by)
    note_paid(order, by=by)
    return order


def change_means(order: Order, *, gateway: str, by: Any = None) -> Order:
    """Pay in another way after all. What was begun is withdrawn first. Raises AlreadyPaid, NotPayable, PaymentUnavailable."""
    if gateway not in {one.code for one in offered(purchase_of(order))}:
        raise NotPayable(_("This order cannot be paid that way."))
    for attempt in order.attempts.active():
        _move_on(attempt, None)
    return _change_means(order, gateway, by)


@transaction.atomic
def _change_means(order: Order, gateway: str, by: Any) -> Order:
    order = lock(Order.objects.filter(pk=order.pk)).get()
    active = order.attempts.active().first()
    _check_payable(order, active)
    if active:  # begun in another window, after ours had withdrawn everything
        raise PaymentUnavailable(_("A payment has just begun in another window. Try again in a moment."))
    chosen = gateway_named(gateway)
    Order.objects.filter(pk=order.pk).update(
        gateway=gateway,
        pay_before=Greatest("pay_before", Now() + timedelta(days=chosen.days_to_pay)),
    )
    order.gateway = gateway
    events.record("order.means_changed", order, by=by, gateway=gateway)
    if not chosen.is_online:
        agree(order, by=by)
    return order


def _attempt_for(order: Order, way: Way, network: str) -> PaymentAttempt:
    """The attempt to go on with: the active one if it fits, else a new one."""
    for _try in range(TRIES):
        attempt, fits = _pick(order, way, network)
        if fits:
            return attempt
        _move_on(attempt, None)
    raise PaymentUnavailable(unavailable())


def _move_on(attempt: PaymentAttempt, payment: Payment | None) -> None:
    """This attempt cannot be paid any more, or must not be: write down what became of it."""
    try:
        if payment is None:
            withdraw(attempt)
        else:
            settle(attempt, provider_ref=payment.provider_ref)
    except GatewayUnavailable as error:
        raise PaymentUnavailable(unavailable()) from error


@transaction.atomic
def _pick(order: Order, way: Way, network: str) -> tuple[PaymentAttempt, bool]:
    order = lock(Order.objects.filter(pk=order.pk)).get()
    active = lock(order.attempts.active()).first()
    _check_payable(order, active)
    if not gateway_named(order.gateway).is_online:
        raise NotPayable(_("This order is not paid online."))
    _check_calm(order, network)
    _more_time(order)
    if active:
        return active, _fits(active, order, way)
    made = PaymentAttempt.objects.create(
        order=order,
        gateway=order.gateway,
        is_hosted=way.is_hosted,
        customer_ref=way.customer_ref,
        keeps_card=way.keeps_card,
        network=network,
        amount_minor=order.due_minor,
        currency=order.currency,
        next_check_at=Now() + timedelta(minutes=1),
    )
    return made, True


def _fits(attempt: PaymentAttempt, order: Order, way: Way) -> bool:
    begun = Way(attempt.is_hosted, attempt.customer_ref, attempt.keeps_card)
    return (attempt.gateway, attempt.amount_minor, begun) == (order.gateway, order.due_minor, way)


def _check_payable(order: Order, active: PaymentAttempt | None) -> None:
    if order.status == Order.Status.CANCELLED:
        raise NotPayable(_("This order was cancelled. Nothing was charged."))
    if order.status != Order.Status.PLACED or order.due_minor <= 0:
        raise AlreadyPaid(_("This order is settled: there is nothing to pay."))
    if active and active.status in (Status.PROCESSING, Status.AUTHORIZED):
        raise AlreadyPaid(_("Your payment is under way. We write to you when it has arrived."))


def _check_calm(order: Order, network: str) -> None:
    if braking.is_too_much(order, network=network):
        raise PaymentRefused(
            _("Several cards were declined. Wait %(minutes)s minutes, or choose another way to pay.")
            % {"minutes": braking.COOL_OFF_MINUTES}
        )


def _more_time(order: Order) -> None:
    """Who is just paying does not lose his goods within the next minutes, but nobody keeps them for hours."""
    Order.objects.filter(pk=order.pk, placed_at__gt=Now() - timedelta(hours=LONGEST_HOURS)).update(
        pay_before=Greatest("pay_before", Now() + timedelta(minutes=10))
    )


def _ask(order: Order, attempt: PaymentAttempt) -> Payment | None:
    """The attempt's payment as it stands, made or asked for again under its key. None: this attempt leads nowhere.

    A failure of the provider's own is what it would answer to the same key for a day: then another attempt is due.
    """
    gateway, was_unknown = gateway_named(attempt.gateway), attempt.status == Status.UNKNOWN
    try:
        if attempt.provider_ref or attempt.session_ref or was_unknown:
            known = gateway.fetch(handle_of(attempt), currency=attempt.currency)
            if known or not was_unknown:
                return known
        return gateway.create_attempt(asked(order, attempt), hosted=attempt.is_hosted)
    except GatewayUnavailable as error:
        if was_unknown and error.will_repeat:
            return None
        _note_silence(attempt)
        raise PaymentUnavailable(unavailable()) from error
    except GatewayRefused as refusal:
        _note_refusal(attempt, refusal)
        raise PaymentRefused(
            _("This payment could not be started. You have not been charged; choose another way to pay.")
        ) from refusal


@transaction.atomic
def _note_silence(attempt: PaymentAttempt) -> None:
    """Asked, no answer: unknown, never failed."""
    locked = lock(PaymentAttempt.objects.filter(pk=attempt.pk)).get()
    if locked.can_move_to(Status.UNKNOWN):
        locked.move_to(Status.UNKNOWN, next_check_at=Now() + timedelta(minutes=1))


@transaction.atomic
def _note_refusal(attempt: PaymentAttempt, refusal: GatewayRefused) -> None:
    locked = lock(PaymentAttempt.objects.filter(pk=attempt.pk)).get()
    if locked.status in (Status.NEW, Status.UNKNOWN):
        locked.move_to(
            Status.FAILED,
            error_code=refusal.code[:60],
            error_message=refusal.message[:300],
            next_check_at=None,
        )


def unavailable() -> str:
    return _("The card service does not answer right now. You have not been charged: try again in a moment.")
