"""What gift cards and store credit paid of an order: taken when it is placed, given back when it is refunded.

Each is a captured payment of its own, and a row of the journal under the same reference as the purse's: so the books of
both can be compared. Two checkouts cannot spend one card twice, because its row is locked while it is taken. What goes
back to a purse needs no provider: it is written down at once, once per refund.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from checkout import purses, store_credit
from checkout.gateways.base import RefundAnswer, RefundState
from checkout.models.purse import Purse
from checkout.quote import QuoteTender
from orders import progress
from orders.models import JournalEntry, Order, PaymentAttempt, Refund
from shop.core.errors import Refused


class NoAccount(Refused):
    """Store credit belongs to a person with an account."""


def take_tenders(order: Order, tenders: Iterable[QuoteTender], *, by: Any = None) -> list[PaymentAttempt]:
    """In the transaction that places the order. Raises purses.NotEnough, purses.CannotPay."""
    return [_take(order, tender, by) for tender in sorted(tenders, key=_by_lock)]


def goes_to_purse(refund: Refund) -> bool:
    """Whether it needs no provider."""
    return refund.as_credit or bool(refund.attempt.purse)


def put_back(refund: Refund) -> RefundAnswer:
    """Where it was taken from, or to the buyer's store credit. The caller holds the locks of order, attempt and refund."""
    purse = _purse_for(refund)
    purses.give_back(
        purse,
        amount_minor=refund.amount_minor,
        reference=f"refund:{refund.uuid}",
        about=refund.order.number,
        by=refund.by,
    )
    return RefundAnswer(
        provider_ref=f"{purse.reference}:{refund.uuid}",
        state=RefundState.SUCCEEDED,
        amount=refund.amount,
        reference=str(refund.uuid),
    )


def check_account(order: Order) -> None:
    """Raises NoAccount where nobody is there to have store credit."""
    if order.user_id is None:
        raise NoAccount(_("This order has no account: store credit needs somebody to whom it belongs."))


def _take(order: Order, tender: QuoteTender, by: Any) -> PaymentAttempt:
    attempt = PaymentAttempt.objects.create(
        order=order,
        gateway=tender.kind,
        purse=tender.purse,
        status=PaymentAttempt.Status.CAPTURED,
        amount_minor=tender.amount_minor,
        currency=order.currency,
        means=tender.label[:60],
    )
    purses.spend(
        purses.purse_of(tender.purse),
        amount_minor=tender.amount_minor,
        currency=order.currency,
        reference=f"capture:{attempt.uuid}",
        about=order.number,
        by=by,
    )
    progress.enter(
        order,
        kind=JournalEntry.Kind.CAPTURED,
        paid_minor=tender.amount_minor,
        reference=f"capture:{attempt.uuid}",
        by=by,
    )
    return attempt


def _purse_for(refund: Refund) -> Purse:
    if refund.as_credit:
        check_account(refund.order)
        return store_credit.open_for(refund.order.user, currency=refund.currency)
    return purses.purse_of(refund.attempt.purse)


def _by_lock(tender: QuoteTender) -> tuple[str, int]:
    """Locked in the same order by everybody: by kind, then by id."""
    kind, _colon, pk = tender.purse.partition(":")
    return kind, int(pk)
