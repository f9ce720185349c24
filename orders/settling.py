"""Settling asks the provider how a payment stands and moves the order accordingly: forward only, and never on hearsay.

The return page, the webhook and the reconciler all end here, in any order and at the same time; what each of them brings
is only the wish to look. The provider is asked before any row is locked; the rows are then locked in the one order
(order → attempt → refunds), and whoever comes second finds nothing left to do. No answer changes nothing. A payment that
differs from what was asked never confirms an order: a person looks at it.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from checkout import saving_cards
from checkout.gateways import gateway_named
from checkout.gateways.base import (
    Gateway,
    GatewayRefused,
    GatewayUnavailable,
    Handle,
    Payment,
    RefundAnswer,
    State,
)
from orders import booking, progress
from orders.emptying import empty_cart
from orders.models import Order, PaymentAttempt, Refund
from orders.refund_answers import apply_answer
from shop.core.faultpoints import faultpoint
from shop.core.locks import lock
from shop.core.remarks import Remark

log = logging.getLogger(__name__)
Status = PaymentAttempt.Status

DISPUTED = Remark(gettext_noop("The customer disputes the payment with his bank."))
CONTRADICTS = Remark(gettext_noop("Payment %(payment)s %(how)s, attempt %(attempt)s asked for %(asked)s."))
OF_ANOTHER = Remark(gettext_noop("belongs to another attempt"))
OTHER_CURRENCY = Remark(gettext_noop("is in %(currency)s"))
OTHER_MODE = Remark(gettext_noop("is from the other mode (live or test)"))
OTHER_AMOUNT = Remark(gettext_noop("is about %(minor)s %(currency)s"))

STATUS_OF = {
    State.OPEN: Status.INTENT_CREATED,
    State.ACTION: Status.REQUIRES_ACTION,
    State.PROCESSING: Status.PROCESSING,
    State.AUTHORIZED: Status.AUTHORIZED,
    State.CAPTURED: Status.CAPTURED,
    State.CANCELED: Status.CANCELED,
}
# Close together while the order can still be paid (half an hour), then rarer: neither webhook nor return page is needed.
CHECK_MINUTES = [1, 2, 3, 3, 3, 3, 3, 3, 3, 5, 10, 30, 120, 360]


def handle_of(attempt: PaymentAttempt, *, provider_ref: str = "") -> Handle:
    return Handle(
        reference=str(attempt.uuid),
        created_at=attempt.created_at,
        provider_ref=attempt.provider_ref or provider_ref,
        session_ref=attempt.session_ref,
    )


def settle(attempt: PaymentAttempt, *, provider_ref: str = "") -> PaymentAttempt:
    """Look at the payment and write down what is true now. `provider_ref` helps where we do not know it yet.

    Raises GatewayUnavailable; the attempt is then looked at again later by itself.
    """
    gateway = gateway_named(attempt.gateway)
    if not gateway.is_online:
        return attempt
    try:
        payment, refunds = _look(gateway, attempt, provider_ref)
    except GatewayUnavailable:
        check_later(attempt)
        raise
    attempt = record(attempt, payment=payment, refunds=refunds)
    faultpoint("settle.after_commit")
    return _tidy_up(gateway, attempt, payment)


def check_later(attempt: PaymentAttempt) -> None:
    minutes = CHECK_MINUTES[min(attempt.checks, len(CHECK_MINUTES) - 1)]
    PaymentAttempt.objects.filter(pk=attempt.pk).update(
        next_check_at=Now() + timedelta(minutes=minutes), checks=min(attempt.checks + 1, 1000)
    )


@transaction.atomic
def record(
    attempt: PaymentAttempt, *, payment: Payment | None, refunds: Sequence[RefundAnswer] = ()
) -> PaymentAttempt:
    """Write down what the provider said. None: it knows no such payment."""
    order = lock(Order.objects.filter(pk=attempt.order_id)).get()
    attempt = lock(PaymentAttempt.objects.filter(pk=attempt.pk)).get()
    attempt.order = order
    list(lock(Refund.objects.filter(order=order)))
    faultpoint("settle.locked")
    if payment is None:
        _lost(attempt)
    elif wrong := _mismatch(attempt, payment):
        _contradiction(attempt, payment, wrong)
    else:
        _forward(attempt, payment)
        for answer in refunds:
            apply_answer(attempt, answer)
        if payment.is_disputed:
            progress.flag(order, reason=DISPUTED())
    _plan_next_check(attempt)
    faultpoint("settle.before_commit")
    return attempt


def _look(
    gateway: Gateway, attempt: PaymentAttempt, provider_ref: str
) -> tuple[Payment | None, list[RefundAnswer]]:
    try:
        payment = gateway.fetch(handle_of(attempt, provider_ref=provider_ref), currency=attempt.currency)
        if payment is None or payment.state != State.CAPTURED:
            return payment, []
        wants_refunds = payment.has_refunds or attempt.status == Status.CAPTURED
        return payment, gateway.fetch_refunds(payment.provider_ref) if wants_refunds else []
    except GatewayRefused as refusal:
        log.error("the provider does not answer for attempt %s: %s", attempt.uuid, refusal)
        raise GatewayUnavailable(str(refusal)) from refusal


def _lost(attempt: PaymentAttempt) -> None:
    """The provider knows nothing of it. Before an answer was ever had that is no news: it may be on its way."""
    if attempt.provider_ref and attempt.is_active:
        attempt.move_to(Status.FAILED, error_code="resource_missing", error_message="")
        progress.refresh(attempt.order)


def _mismatch(attempt: PaymentAttempt, payment: Payment) -> str:
    """How the payment differs from what was asked for; empty when it does not."""
    if payment.reference != str(attempt.uuid):
        return OF_ANOTHER()
    if payment.amount.currency != attempt.currency:
        return OTHER_CURRENCY(currency=payment.amount.currency)
    if payment.is_live != gateway_named(attempt.gateway).is_live:
        return OTHER_MODE()
    taken = payment.received if payment.state == State.CAPTURED else payment.amount
    if taken.minor == attempt.amount_minor:
        return ""
    return OTHER_AMOUNT(minor=taken.minor, currency=attempt.currency)


def _contradiction(attempt: PaymentAttempt, payment: Payment, wrong: str) -> None:
    """Money of ours is entered, whatever its amount; nothing is confirmed by it."""
    reason = CONTRADICTS(
        payment=payment.provider_ref, how=wrong, attempt=attempt.pk, asked=attempt.amount_minor
    )
    log.error(reason)
    is_ours = payment.reference == str(attempt.uuid) and payment.received.currency == attempt.currency
    is_real = payment.is_live == gateway_named(attempt.gateway).is_live
    if is_ours and is_real and payment.state == State.CAPTURED and attempt.can_move_to(Status.CAPTURED):
        attempt.move_to(Status.CAPTURED, provider_ref=payment.provider_ref, means=payment.means)
        booking.enter_capture(attempt, received_minor=payment.received.minor)
    progress.flag(attempt.order, reason=reason)


def _forward(attempt: PaymentAttempt, payment: Payment) -> None:
    before, new = attempt.status, STATUS_OF[payment.state]
    known = {
        "provider_ref": payment.provider_ref or attempt.provider_ref,
        "session_ref": payment.session_ref or attempt.session_ref,
        "means": payment.means or attempt.means,
    }
    if not attempt.can_move_to(new):
        _note(attempt, **known)
    else:
        attempt.move_to(new, **known)
        booking.follow(attempt, before=before)
        _keep_card(attempt, payment)
    if payment.state == State.OPEN and payment.error_code:
        booking.note_decline(attempt, payment, was_processing=before == Status.PROCESSING)


def _keep_card(attempt: PaymentAttempt, payment: Payment) -> None:
    if payment.kept and attempt.keeps_card and attempt.order.user:
        saving_cards.keep(attempt.order.user, payment.kept)


def _note(attempt: PaymentAttempt, **known: str | None) -> None:
    PaymentAttempt.objects.filter(pk=attempt.pk).update(**known)
    for name, value in known.items():
        setattr(attempt, name, value)


def _plan_next_check(attempt: PaymentAttempt) -> None:
    if attempt.is_active:
        check_later(attempt)
    else:
        PaymentAttempt.objects.filter(pk=attempt.pk).update(next_check_at=None)
        attempt.next_check_at = None


def _tidy_up(gateway: Gateway, attempt: PaymentAttempt, payment: Payment | None) -> PaymentAttempt:
    """What follows outside the transaction: the cart, and a payment that must no longer be possible."""
    order = attempt.order
    if order.confirmed_at:
        empty_cart(order)
    if (
        payment
        and payment.state in (State.OPEN, State.ACTION, State.AUTHORIZED)
        and booking.is_unwanted(attempt)
    ):
        return _withdraw(gateway, attempt)
    return attempt


def _withdraw(gateway: Gateway, attempt: PaymentAttempt) -> PaymentAttempt:
    """A refusal means that it has moved on meanwhile: what the provider says now is written down either way."""
    try:
        try:
            gateway.cancel(handle_of(attempt))
        except GatewayRefused as refusal:
            log.warning("attempt %s could not be withdrawn: %s", attempt.uuid, refusal)
        payment, refunds = _look(gateway, attempt, "")
    except GatewayUnavailable:
        check_later(attempt)
        return attempt
    return record(attempt, payment=payment, refunds=refunds)


def capture(attempt: PaymentAttempt) -> PaymentAttempt:
    """Take what was only authorised. Raises GatewayUnavailable; a refusal is settled as what the provider says now."""
    try:
        gateway_named(attempt.gateway).capture(handle_of(attempt))
    except GatewayRefused as refusal:
        log.error("attempt %s could not be captured: %s", attempt.uuid, refusal)
    return settle(attempt)
