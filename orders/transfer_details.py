"""What somebody types into his bank to pay an order: to whom, how much, with which reference, until when."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from checkout.creditor_reference import reference_of
from checkout.gateways.bank_transfer import Account, account
from checkout.gateways.invoice import Invoice
from orders.awaiting import awaits_transfer
from orders.models import Order
from shop.accounts import companies
from shop.core.money import Money


@dataclass(frozen=True)
class TransferDetails:
    account: Account
    amount: Money
    reference: str
    until: datetime | None  # we keep the goods
    due_date: date | None = None  # of an invoice


def transfer_of(order: Order) -> TransferDetails:
    return TransferDetails(
        account=account(),
        amount=Money(order.due_minor, order.currency),
        reference=reference_of(order.number),
        until=order.pay_before,
    )


def awaited_transfer(order: Order) -> TransferDetails | None:
    """None unless the order waits for a bank transfer."""
    return transfer_of(order) if awaits_transfer(order) else None


def invoice_of(order: Order) -> TransferDetails | None:
    """None unless the order is bought on invoice, and something of it is due."""
    due = (
        companies.due_date(order.account_reference)
        if order.gateway == Invoice.code and order.due_minor > 0
        else None
    )
    return replace(transfer_of(order), due_date=due) if due else None
