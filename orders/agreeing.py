"""What follows when a means without a provider is chosen: the customer's promise confirms the order, or it waits for money.

Cash on delivery and invoices are promises. A bank transfer is none: the order keeps its goods until `pay_before`, and is
confirmed by the money (orders/booking.py). Where nothing is owed there is nothing to wait for.
"""

from typing import Any

from django.utils.translation import gettext as _

from checkout.gateways import gateway_named
from checkout.gateways.invoice import Invoice
from orders import progress
from orders.confirming import confirm, note_paid
from orders.models import JournalEntry, Order, PaymentAttempt
from shop.accounts import companies

Status = PaymentAttempt.Status


def agree(order: Order, *, by: Any = None) -> None:
    """The caller holds the order's lock; its journal says what is due. Raises shop.accounts.companies.CreditExceeded."""
    if order.due_minor <= 0:
        if not order.total_minor:
            progress.enter(order, kind=JournalEntry.Kind.ZERO, reference=f"zero:{order.pk}", by=by)
        confirm(order, by=by)
        note_paid(order, by=by)
        return
    if order.gateway == Invoice.code:
        _charge(order)
    is_promise = gateway_named(order.gateway).is_promise
    PaymentAttempt.objects.create(
        order=order,
        gateway=order.gateway,
        status=Status.PROMISED if is_promise else Status.INTENT_CREATED,
        amount_minor=order.due_minor,
        currency=order.currency,
    )
    if is_promise:
        confirm(order, by=by)


def _charge(order: Order) -> None:
    """Raises shop.accounts.companies.CreditExceeded."""
    company = companies.company_of(order.user)
    if company is None:
        raise companies.CreditExceeded(_("This order cannot be paid that way."))
    companies.charge(
        company, reference=order.account_reference, amount_minor=order.due_minor, currency=order.currency
    )
