"""A worker hands a stored refund to the provider, under the refund's own key, until there is an answer.

Where an answer never came, the provider's list of refunds is read before anything is asked again: a refund that is there
by our own reference is the one. A refund by a means without a provider waits until somebody has paid it out; one that goes
to a gift card or to store credit is done here.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from checkout.gateways import gateway_named
from checkout.gateways.base import GatewayRefused, GatewayUnavailable, RefundAnswer, RefundAsked, RefundState
from orders.models import Order, PaymentAttempt, Refund
from orders.refund_answers import apply_answer, fail
from orders.repaying import repay
from orders.tendered import goes_to_purse, put_back
from shop.core import events
from shop.core.locks import lock

AGAIN_MINUTES = [1, 3, 10, 30, 60, 120, 360]
Status = Refund.Status


def submit(refund: Refund) -> Refund:
    """Ask the provider, or look whether it did it already. Safe to repeat."""
    refund = Refund.objects.select_related("attempt", "order").get(pk=refund.pk)
    if refund.status not in (Status.REQUESTED, Status.SUBMITTED, Status.PENDING):
        return refund
    if goes_to_purse(refund):
        return _into_purse(refund)
    _ask_again_later(refund)
    try:
        answer = _found(refund) if refund.status != Status.REQUESTED else None
        return _write(refund, answer or _asked(refund))
    except GatewayUnavailable:
        return refund
    except GatewayRefused as refusal:
        return _refused(refund, refusal)


@transaction.atomic
def record_payout(refund: Refund, *, by: Any) -> Refund:
    """Somebody has paid it out: the end of a refund by a means without a provider."""
    refund = _locked(refund)
    if goes_to_purse(refund):
        return refund
    if not gateway_named(refund.attempt.gateway).is_online and refund.status in Refund.UNDER_WAY:
        answer = RefundAnswer(
            provider_ref=refund.provider_ref or f"manual:{refund.uuid}",
            state=RefundState.SUCCEEDED,
            amount=refund.amount,
            reference=str(refund.uuid),
        )
        events.record("refund.paid_out", refund, by=by)
        return apply_answer(refund.attempt, answer) or refund
    return refund


@transaction.atomic
def again(refund: Refund, *, by: Any) -> list[Refund]:
    """Try a failed refund once more, as a new one with a new key; the lines stay with the first."""
    refund = _locked(refund)
    if refund.status != Status.FAILED:
        return []
    return repay(
        refund.order,
        attempt=refund.attempt,
        amount_minor=refund.amount_minor,
        reason=refund.reason,
        cause=f"again:{refund.pk}",
        as_credit=refund.as_credit,
        by=by,
    )


@transaction.atomic
def _into_purse(refund: Refund) -> Refund:
    refund = _locked(refund)
    if refund.status not in Refund.UNDER_WAY:
        return refund
    return apply_answer(refund.attempt, put_back(refund)) or refund


def _ask_again_later(refund: Refund) -> None:
    """Written before the call, so that a worker that dies in it leaves something to find."""
    minutes = AGAIN_MINUTES[min(refund.checks, len(AGAIN_MINUTES) - 1)]
    Refund.objects.filter(pk=refund.pk).update(
        next_check_at=Now() + timedelta(minutes=minutes), checks=min(refund.checks + 1, 1000)
    )


def _found(refund: Refund) -> RefundAnswer | None:
    answers = gateway_named(refund.attempt.gateway).fetch_refunds(refund.attempt.provider_ref or "")
    return next((one for one in answers if one.reference == str(refund.uuid)), None)


def _asked(refund: Refund) -> RefundAnswer:
    Refund.objects.filter(pk=refund.pk, status=Status.REQUESTED).update(status=Status.SUBMITTED)
    return gateway_named(refund.attempt.gateway).refund(
        RefundAsked(
            reference=str(refund.uuid),
            order_number=refund.order.number,
            provider_ref=refund.attempt.provider_ref or "",
            amount=refund.amount,
            is_duplicate=refund.cause.startswith("duplicate:"),
        )
    )


@transaction.atomic
def _write(refund: Refund, answer: RefundAnswer) -> Refund:
    locked = _locked(refund)
    written = apply_answer(locked.attempt, answer) or locked
    if written.status == Status.PENDING and not gateway_named(locked.attempt.gateway).is_online:
        Refund.objects.filter(pk=written.pk).update(next_check_at=None)
    elif written.status == Status.PENDING:
        _ask_again_later(written)
    return written


@transaction.atomic
def _refused(refund: Refund, refusal: GatewayRefused) -> Refund:
    locked = _locked(refund)
    if locked.status in Refund.UNDER_WAY:
        fail(locked, error=refusal.code or refusal.message)
    return locked


def _locked(refund: Refund) -> Refund:
    """The refund, with its order and attempt, all locked in the one order."""
    order = lock(Order.objects.filter(pk=refund.order_id)).get()
    attempt = lock(PaymentAttempt.objects.filter(pk=refund.attempt_id)).get()
    row: Refund = lock(Refund.objects.filter(pk=refund.pk)).get()
    attempt.order = row.order = order
    row.attempt = attempt
    return row
