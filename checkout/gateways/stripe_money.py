"""How much, in Stripe's way of counting (docs.stripe.com/currencies).

Mostly it is ours: the smallest unit of the currency. ISK travels with two decimals although it has none; of the currencies
with three decimals the last digit must be 0. Below a smallest amount per currency Stripe takes no card.
"""

from shop.core.money import Money

TIMES_100 = frozenset(["ISK"])
ROUND_TO_10 = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
# Stripe's pages contradict each other or ISO 4217 here: better no card than a wrong sum.
UNCLEAR = frozenset(["UGX", "MGA", "IQD", "LYD"])
# docs.stripe.com/currencies#minimum-and-maximum-charge-amounts, in our minor units.
SMALLEST = {
    "AED": 200, "AUD": 50, "BGN": 100, "BRL": 50, "CAD": 50, "CHF": 50, "CZK": 1500, "DKK": 250, "EUR": 50,
    "GBP": 30, "HKD": 400, "HUF": 17500, "INR": 50, "JPY": 50, "MXN": 1000, "MYR": 200, "NOK": 300, "NZD": 50,
    "PLN": 200, "RON": 200, "SEK": 300, "SGD": 50, "THB": 1000, "USD": 50,
}  # fmt: skip
LARGEST = 99_999_999


def can_charge(amount: Money) -> bool:
    if amount.currency in UNCLEAR or not SMALLEST.get(amount.currency, 1) <= amount.minor <= LARGEST:
        return False
    return amount.currency not in ROUND_TO_10 or amount.minor % 10 == 0


def to_stripe(amount: Money) -> int:
    return amount.minor * 100 if amount.currency in TIMES_100 else amount.minor


def from_stripe(amount: int, currency: str) -> Money:
    """`currency` in either case."""
    code = currency.upper()
    return Money(amount // 100 if code in TIMES_100 else amount, code)
