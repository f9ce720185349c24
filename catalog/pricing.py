"""What a variant costs whom. Every price that a customer sees or pays comes from here.

A variant has a price of its own, in its own currency. Price lists add others: for everybody or a group, from a moment or
a quantity on, as amounts or as a percentage of the own price. Nothing is ever converted: where no rule gives a price in a
currency, there is none. Of all rules that give one,

1. those of the highest priority decide alone (the variant's own price has priority 0);
2. among them the lowest amount wins;
3. at the same amount the own price, then the older list.

So a list of priority 0 can only lower a price, one above 0 replaces it, one below 0 serves where nothing else does.
Whether prices include tax says Shop.prices_include_tax.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Variant
from catalog.prices.reading import Book, open_book
from catalog.prices.rules import Decision
from shop.core import clock
from shop.core.money import Money


@dataclass(frozen=True)
class Price:
    """`compare_at` is the former price, always above `amount`, or None. `lowest` is the lowest price that everybody was
    asked for in the 30 days before a reduction began: only catalog/prices/reducing.py knows it."""

    amount: Money
    compare_at: Money | None = None
    lowest: Money | None = None
    group: str = ""
    from_quantity: int = 1
    list_id: int | None = None  # the price list that it comes from; None: the variant's own

    @property
    def saving_percent(self) -> int:
        """Whole per cent below the lowest price of 30 days, rounded down; 0 while that is unknown or was no higher.

        Directive 98/6/EC, Art. 6a; CJEU C-330/23: a percentage that is announced refers to that price and no other.
        """
        if self.compare_at is None or not self.lowest or self.lowest.minor <= self.amount.minor:
            return 0
        return (self.lowest.minor - self.amount.minor) * 100 // self.lowest.minor

    @property
    def words(self) -> str:
        """For the buyer: why he pays this and not what everybody pays for one piece. Empty if he pays just that."""
        if self.from_quantity > 1:
            n = {"group": self.group, "n": self.from_quantity}
            if self.group:
                return (
                    ngettext(
                        "Price for %(group)s, from %(n)d piece",
                        "Price for %(group)s, from %(n)d pieces",
                        self.from_quantity,
                    )
                    % n
                )
            return ngettext("Price from %(n)d piece", "Price from %(n)d pieces", self.from_quantity) % n
        return _("Price for %(group)s") % {"group": self.group} if self.group else ""


@dataclass(frozen=True)
class Step:
    """From `quantity` pieces on, one costs `price`."""

    quantity: int
    price: Money


class NoPrice(LookupError):
    """The variant has no price in the currency that was asked for."""


def price_for(
    variant: Variant,
    *,
    customer: object = None,
    quantity: int = 1,
    currency: str = "EUR",
    at: datetime | None = None,
) -> Price:
    """The price of one piece when `quantity` are bought, now or `at` a moment. Raises NoPrice."""
    return prices_for([variant], customer=customer, quantity=quantity, currency=currency, at=at)[variant.pk]


def prices_for(
    variants: Iterable[Variant],
    *,
    customer: object = None,
    quantity: int | Mapping[int, int] = 1,
    currency: str = "EUR",
    at: datetime | None = None,
) -> dict[int, Price]:
    """{variant id: Price}; no query where no list applies, else three at most. Raises NoPrice if one has none.

    `quantity` is one number for all, or {variant id: pieces}. `customer` is a user, a user's id or None.
    """
    variants = list(variants)
    found = known_prices(variants, customer=customer, quantity=quantity, currency=currency, at=at)
    for variant in variants:
        if variant.pk not in found:
            raise NoPrice(f"{variant.sku} has no price in {currency}")
    return found


def known_prices(
    variants: Iterable[Variant],
    *,
    customer: object = None,
    quantity: int | Mapping[int, int] = 1,
    currency: str = "EUR",
    at: datetime | None = None,
    is_fresh: bool = False,
) -> dict[int, Price]:
    """As prices_for, but what has no price in `currency` is left out."""
    variants = list(variants)
    book = open_book(variants, customer=customer, currency=currency, at=at or clock.now(), is_fresh=is_fresh)
    pieces = quantity if isinstance(quantity, Mapping) else dict.fromkeys((v.pk for v in variants), quantity)
    found = {variant.pk: priced(book, variant, pieces[variant.pk]) for variant in variants}
    return {pk: price for pk, price in found.items() if price}


def steps_for(
    variant: Variant, *, customer: object = None, currency: str = "EUR", at: datetime | None = None
) -> list[Step]:
    """The quantities from which on a piece costs less than one alone; empty where it never does."""
    book = open_book([variant], customer=customer, currency=currency, at=at or clock.now())
    return steps_in(book, variant)


def steps_in(book: Book, variant: Variant) -> list[Step]:
    """As steps_for, of a book that is open already."""
    found: list[Step] = []
    last = priced(book, variant, 1)
    for quantity in book.starts(variant):
        price = priced(book, variant, quantity)
        if price and quantity > 1 and (last is None or price.amount != last.amount):
            found.append(Step(quantity, price.amount))
        last = price or last
    return found


def priced(book: Book, variant: Variant, quantity: int) -> Price | None:
    decision = book.decision(variant, quantity)
    return price_of(decision, book.currency) if decision else None


def price_of(decision: Decision, currency: str) -> Price:
    won = decision.won
    return Price(
        amount=Money(won.minor, currency),
        compare_at=None if decision.was_minor is None else Money(decision.was_minor, currency),
        group=won.rule.group if won.rule else "",
        from_quantity=won.from_quantity,
        list_id=won.rule.pk if won.rule else None,
    )


def with_lowest(price: Price, minor: int | None) -> Price:
    """The same price, with the lowest of 30 days beside it."""
    return replace(price, lowest=None if minor is None else Money(minor, price.amount.currency))
