from orders.models.adjustment import Adjustment
from orders.models.attempt import PaymentAttempt
from orders.models.bought_card import BoughtCard
from orders.models.charge import OrderCharge
from orders.models.document import Document
from orders.models.journal import JournalEntry
from orders.models.order import Order, OrderAddress, OrderLine
from orders.models.refund import Refund, RefundLine
from orders.models.tax import TaxLine
from orders.models.transfer import BankStatement, Transfer

__all__ = [
    "Adjustment",
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
