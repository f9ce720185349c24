"""Plain functions that make what tickets need."""

from orders.models import Order
from shop.accounts.models import User
from support import helping
from support.models import FaqEntry, Ticket


def make_person(email="ada@example.com", **over) -> User:
    return User.objects.create_user(email, "correct horse battery", **({"name": "Ada Lovelace"} | over))


def make_staff(email="grace@example.com", **over) -> User:
    return make_person(email, name="Grace Hopper", is_staff=True, is_superuser=True, **over)


def make_bare_order(**over) -> Order:
    """Only what a ticket asks of an order: whose it is."""
    fields = {"email": "ada@example.com", "currency": "EUR", "goods_minor": 2900, "total_minor": 2900} | over
    return Order.objects.create(gateway="cash_on_delivery", **fields)


def make_ticket(email="ada@example.com", **over) -> Ticket:
    return helping.open_ticket(email, **({"text": "Where is my parcel?", "topic": "delivery"} | over))


def make_faq(question="How long does delivery take?", **over) -> FaqEntry:
    fields = {"topic": "Delivery", "slug": "how-long", "answer": "One to three days."} | over
    return FaqEntry.objects.create(question=question, **fields)
