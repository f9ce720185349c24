from orders.models.attempt import PaymentAttempt
from orders.models.bought_card import BoughtCard
from orders.models.document import Document
from orders.models.journal import JournalEntry
from orders.models.order import Order, OrderAddress, OrderCharge, OrderLine, TaxLine
from orders.models.refund import Refund, RefundLine
from orders.models.transfer import BankStatement, Transfer

__all__ = [
    "BankStatement",
    "BoughtCard",
    "Document",
    "JournalEntry",
    "Order",
    "OrderAddress",
    "OrderCharge",
    "OrderLine",
    "PaymentAttempt",
    "Refund",
    "RefundLine",
    "TaxLine",
    "Transfer",
]
