"""Which order a transfer is for: sure, likely, or unknown. Nothing is booked here.

Sure is a valid reference together with the very sum that is due. Likely is everything that a person would look at first: a
valid reference with another sum; the sum of exactly one waiting order whose number stands in the text with at most one
wrong sign, or whose buyer sent it. Nothing else is guessed: two equal sums are nobody's.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from checkout.creditor_reference import numbers_in
from orders.awaiting import AWAITED
from orders.models import Order, OrderAddress
from orders.statements.reading import Credit
from shop.core.remarks import Remark

OTHER_SUM = Remark(gettext_noop("The reference is right, but %(due)s %(currency)s are due, in cents."))
NOT_DUE = Remark(gettext_noop("The reference is right, but nothing is due any more."))
MISTYPED = Remark(
    gettext_noop("The sum is right, and the text names the order with a wrong sign or without “RF”.")
)
SAME_NAME = Remark(gettext_noop("The sum is right, and the buyer has the payer's name."))
SEVERAL = Remark(gettext_noop("It names several orders: %(numbers)s."))
UNKNOWN = Remark(gettext_noop("No order has this reference."))
NOTHING = Remark(gettext_noop("No reference, and no waiting order that it fits."))


@dataclass(frozen=True)
class Match:
    """`order` is None where nothing fits; `is_sure` says that nobody needs to look."""

    order: Order | None = None
    is_sure: bool = False
    why: str = ""


def match(credit: Credit) -> Match:
    numbers = numbers_in(credit.text)
    named = list(Order.objects.filter(number__in=numbers, currency=credit.currency))
    if len(named) > 1:
        return Match(why=SEVERAL(numbers=", ".join(sorted(order.number for order in named))))
    if named:
        return _by_reference(named[0], credit)
    if near := _near(credit):
        return near
    return Match(why=UNKNOWN() if numbers else NOTHING())


def _by_reference(order: Order, credit: Credit) -> Match:
    if order.due_minor == credit.amount_minor and order.status != Order.Status.CANCELLED:
        return Match(order, is_sure=True)
    if order.due_minor <= 0:
        return Match(order, why=NOT_DUE())
    return Match(order, why=OTHER_SUM(due=order.due_minor, currency=order.currency))


def _near(credit: Credit) -> Match | None:
    """Among the orders that wait for exactly this sum by this means."""
    waiting = list(
        Order.objects.filter(
            attempts__gateway__in=AWAITED,
            attempts__status__in=["intent_created", "promised"],
            attempts__amount_minor=credit.amount_minor,
            currency=credit.currency,
        ).distinct()[:500]
    )
    typed = [order for order in waiting if _is_named(order, credit.text)]
    if len(typed) == 1:
        return Match(typed[0], why=MISTYPED())
    same = [order for order in waiting if _is_from(order, credit.payer)]
    return Match(same[0], why=SAME_NAME()) if len(same) == 1 and not typed else None


def _is_named(order: Order, text: str) -> bool:
    """The number stands somewhere in the text, with one wrong sign at most."""
    signs, number = re.sub(r"[^0-9A-Z]", "", text.upper()), order.number.replace("-", "")
    windows = (signs[at : at + len(number)] for at in range(len(signs) - len(number) + 1))
    return any(sum(a != b for a, b in zip(one, number, strict=True)) <= 1 for one in windows)


def _is_from(order: Order, payer: str) -> bool:
    names = order.addresses.filter(kind=OrderAddress.Kind.BILLING).values_list("name", "company")
    return bool(payer) and any(_words(payer) == _words(name) for pair in names for name in pair if name)


def _words(name: str) -> set[str]:
    """Banks write the family name first, in capitals, as they like."""
    return set(re.findall(r"\w+", name.casefold()))
