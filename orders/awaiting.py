"""By which means money is awaited in our bank account."""

from checkout.gateways.bank_transfer import BankTransfer
from checkout.gateways.invoice import Invoice
from orders.models import Order

TRANSFER, INVOICE = BankTransfer.code, Invoice.code
AWAITED = [TRANSFER, INVOICE]


def awaits_transfer(order: Order) -> bool:
    """Nothing is missing but the money: for its buyer it is bought."""
    return order.status == Order.Status.PLACED and order.gateway == TRANSFER
