"""A refund lowers what the order owes, and sends back what was paid too much for it. Whole, by pieces, or any sum.

By pieces it is to the cent: of three pieces for 10.00 the first two bring 3.33 and the last what is left, and their tax
follows in the same proportion. Delivery goes back only when said so. Nobody gets back more than was paid: everything that
is under way counts. The row is stored first; a worker asks the provider (orders/submitting.py).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from orders import issuing, progress, repaying
from orders.models import JournalEntry, Order, OrderLine, PaymentAttempt, Refund, RefundLine
from orders.repaying import NothingToRefund
from orders.tendered import check_account
from shop.core.errors import Refused
from shop.core.locks import lock
from shop.core.money import Money

__all__ = ["NothingToRefund", "Refundable", "TooMuch", "refund", "refundable", "shipping_share"]


class TooMuch(Refused):
    """More pieces, more delivery or more money than is left."""


@dataclass(frozen=True)
class LinePart:
    quantity: int
    amount_minor: int
    tax_minor: int


@dataclass(frozen=True)
class Refundable:
    """What can still go back, in minor units; `lines` is {line id: pieces}."""

    amount_minor: int
    shipping_minor: int
    lines: dict[int, int]
    currency: str

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def shipping(self) -> Money:
        return Money(self.shipping_minor, self.currency)


def refundable(order: Order) -> Refundable:
    left = sum(repaying.left_of(one) for one in order.attempts.filter(status=PaymentAttempt.Status.CAPTURED))
    gone = (
        order.refunds.exclude(status=Refund.Status.CANCELED).aggregate(sum=Sum("shipping_minor"))["sum"] or 0
    )
    before = _before(order)
    return Refundable(
        amount_minor=left,
        shipping_minor=min(left, gross_shipping(order) - gone),
        lines={line.pk: line.quantity - before[line.pk].quantity for line in order.lines.all()},
        currency=order.currency,
    )


@transaction.atomic
def refund(
    order: Order,
    *,
    lines: Mapping[int, int] | None = None,
    shipping_minor: int = 0,
    amount_minor: int | None = None,
    reason: str,
    cause: str = "",
    as_credit: bool = False,
    by: Any = None,
) -> list[Refund]:
    """`lines` is {line id: pieces}; `amount_minor` stands in place of their price, or is a sum of its own.

    With nothing of it given: all that is left. The same `cause` refunds once. Gift cards among it are voided.
    `as_credit`: to the buyer's store credit, however it was paid. Raises TooMuch, NothingToRefund, NoAccount, issuing.CardUsed.
    """
    order = lock(Order.objects.filter(pk=order.pk)).get()
    if as_credit:
        check_account(order)
    list(lock(PaymentAttempt.objects.filter(order=order)))
    list(lock(Refund.objects.filter(order=order)))
    if cause and (known := list(order.refunds.alive().filter(cause=cause))):
        return known
    left = refundable(order)
    parts = _parts(order, lines or {}, left)
    amount = _amount(parts, shipping_minor, amount_minor, left, is_all=not lines and not shipping_minor)
    _allow(order, amount, cause=cause, by=by)
    refunds = repaying.repay(
        order,
        amount_minor=amount,
        shipping_minor=shipping_minor,
        reason=reason,
        cause=cause,
        as_credit=as_credit,
        by=by,
    )
    _keep_lines(refunds[0], parts)
    if amount_minor is None:
        issuing.take_back(order, pieces=(lines or {}) if lines or shipping_minor else None, by=by)
    return refunds


def shipping_share(order: Order, *, lines: Mapping[int, int]) -> int:
    """The part of the delivery that these pieces carry, by value; never more than is left of it."""
    rows = {line.pk: line for line in order.lines.all()}
    wanted = sum(rows[pk].total_minor * pieces // rows[pk].quantity for pk, pieces in lines.items())
    rest = sum(line.total_minor for line in rows.values()) - wanted
    left = refundable(order)
    if all(left.lines[pk] == lines.get(pk, 0) for pk in rows):
        return left.shipping_minor
    share = Money(gross_shipping(order), order.currency).share([wanted, rest])[0]
    return min(share.minor, left.shipping_minor)


def gross_shipping(order: Order) -> int:
    """Delivery as the customer paid it."""
    if order.prices_include_tax:
        return order.shipping_minor
    tax = order.tax_lines.filter(line=None, charge=None).aggregate(sum=Sum("tax_minor"))["sum"] or 0
    return order.shipping_minor + tax


def gross(line: OrderLine, order: Order) -> int:
    """A line as the customer paid it."""
    return line.total_minor if order.prices_include_tax else line.total_minor + line.tax_minor


def _parts(order: Order, lines: Mapping[int, int], left: Refundable) -> dict[OrderLine, LinePart]:
    rows, before = {line.pk: line for line in order.lines.all()}, _before(order)
    parts = {}
    for pk, pieces in lines.items():
        if pk not in rows or not 0 < pieces <= left.lines[pk]:
            raise TooMuch(_("More pieces than are left to refund."))
        parts[rows[pk]] = _part(rows[pk], order, pieces, before=before[pk])
    return parts


def _part(line: OrderLine, order: Order, pieces: int, *, before: LinePart) -> LinePart:
    """The first so many of the pieces that are left; the last ones take what rounding left over."""
    upto = before.quantity + pieces

    def share(whole: int, gone: int) -> int:
        return (whole if upto == line.quantity else whole * upto // line.quantity) - gone

    return LinePart(
        pieces, share(gross(line, order), before.amount_minor), share(line.tax_minor, before.tax_minor)
    )


def _before(order: Order) -> dict[int, LinePart]:
    """{line id: what was refunded of it so far}, nothing for all others, in one query.

    A failed refund counts: what it was for is settled, the money is still owed.
    """
    counted = RefundLine.objects.filter(line__order=order).exclude(refund__status=Refund.Status.CANCELED)
    sums = counted.values_list("line").annotate(Sum("quantity"), Sum("amount_minor"), Sum("tax_minor"))
    return defaultdict(lambda: LinePart(0, 0, 0), {pk: LinePart(*parts) for pk, *parts in sums.order_by()})


def _amount(
    parts: dict[OrderLine, LinePart], shipping: int, asked: int | None, left: Refundable, *, is_all: bool
) -> int:
    if not 0 <= shipping <= left.shipping_minor:
        raise TooMuch(_("More delivery than is left to refund."))
    worth = sum(part.amount_minor for part in parts.values()) + shipping
    amount = asked if asked is not None else left.amount_minor if is_all else worth
    if amount <= 0:
        raise NothingToRefund(_("There is nothing left to refund."))
    if amount > left.amount_minor or (parts and amount > worth):
        raise TooMuch(_("At most %(amount)s can be refunded.") % {"amount": left.amount.format()})
    return amount


def _allow(order: Order, amount: int, *, cause: str, by: Any) -> None:
    """What goes back is no longer owed, as far as it was: a credit that stands already is used first."""
    if beyond := max(0, amount - repaying.credit(order)):
        kind = JournalEntry.Kind.RETURNED if cause.startswith("return") else JournalEntry.Kind.ALLOWANCE
        progress.enter(order, kind=kind, owed_minor=-beyond, by=by)


def _keep_lines(row: Refund, parts: dict[OrderLine, LinePart]) -> None:
    RefundLine.objects.bulk_create(
        RefundLine(
            refund=row,
            line=line,
            quantity=part.quantity,
            amount_minor=part.amount_minor,
            tax_minor=part.tax_minor,
        )
        for line, part in parts.items()
    )
