"""By which means money is awaited in our bank account."""

from checkout.gateways.bank_transfer import BankTransfer
from checkout.gateways.invoice import Invoice

TRANSFER, INVOICE = BankTransfer.code, Invoice.code
AWAITED = [TRANSFER, INVOICE]
