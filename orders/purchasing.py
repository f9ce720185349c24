"""What is still to be paid of an order, as the means of payment want to know it."""

from checkout.gateways.base import Purchase
from orders.models import Order, OrderAddress
from shop.accounts import companies
from shop.core.money import Money


def purchase_of(order: Order) -> Purchase:
    return Purchase(
        amount=Money(order.due_minor, order.currency),
        country=order.addresses.get(kind=OrderAddress.Kind.DELIVERY).country,
        kinds=frozenset(line.get("kind", "goods") for line in order.quote.get("lines", [])),
        is_personal=any(line.is_personal for line in order.lines.all()),
        credit_minor=companies.credit_of(order.user, order.currency),
    )
