"""What a checkout is about to buy, as the means of payment want to know it."""

from checkout.gateways.base import Purchase
from checkout.models import Checkout
from checkout.quote import Quote
from shop.accounts import companies


def purchase_of(checkout: Checkout, quote: Quote) -> Purchase:
    return Purchase(
        amount=quote.due,
        country=checkout.country,
        kinds=frozenset(line.kind for line in quote.lines),
        is_personal=any(line.is_personal for line in quote.lines),
        credit_minor=companies.credit_of(checkout.user, checkout.currency),
    )
