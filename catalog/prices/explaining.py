"""Why somebody pays what he pays: the rule that gave the price, and every other with the reason why it did not."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from catalog.models import Variant
from catalog.prices.reading import Tried, open_book
from catalog.prices.reducing import with_lowest_prices
from catalog.prices.rules import Rule, Why
from catalog.pricing import Price, priced
from shop.core import clock
from shop.core.money import Money


@dataclass(frozen=True)
class Reason:
    """`amount` is what the rule gives, if it gives one; `list_id` is None for the variant's own price."""

    name: str
    list_id: int | None
    amount: Money | None
    words: str
    is_winner: bool


@dataclass(frozen=True)
class Explanation:
    """`price` is None where there is none; the winner is the first of the reasons."""

    price: Price | None
    reasons: tuple[Reason, ...]


def explain(
    variant: Variant,
    *,
    customer: object = None,
    quantity: int = 1,
    currency: str = "EUR",
    at: datetime | None = None,
) -> Explanation:
    """As price_for, with every rule of the shop and what became of it."""
    at = at or clock.now()
    book = open_book([variant], customer=customer, currency=currency, at=at, is_fresh=True)
    reasons = [_reason(one, currency) for one in book.tried(variant, quantity)]
    reasons.sort(key=lambda reason: (not reason.is_winner, reason.amount is None, reason.list_id or 0))
    price = priced(book, variant, quantity)
    if price:
        price = with_lowest_prices({variant.pk: price}, at=at)[variant.pk]
    return Explanation(price, tuple(reasons))


def _reason(tried: Tried, currency: str) -> Reason:
    return Reason(
        name=tried.rule.name if tried.rule else _("The variant's own price"),
        list_id=tried.rule.pk if tried.rule else None,
        amount=Money(tried.gives.minor, currency) if tried.gives else None,
        words=_refusal(tried.rule, tried.why) if tried.why else _("This is the price."),
        is_winner=tried.why is None,
    )


def _refusal(rule: Rule | None, why: Why) -> str:
    words = {
        Why.NOT_IN_USE: _("The list is not in use."),
        Why.CURRENCY: _("The list is in %(currency)s."),
        Why.GROUP: _("Only for %(group)s."),
        Why.NOT_YET: _("Starts on %(start)s."),
        Why.OVER: _("Ended on %(end)s."),
        Why.NOT_NAMED: _("The list does not name this variant."),
        Why.QUANTITY: _("Only for more pieces than these."),
        Why.CATEGORY: _("The product is not in the list's category."),
        Why.NO_BASE: _("There is no price of its own in this currency to take a percentage of."),
        Why.PRIORITY: _("A list of higher priority decides."),
        Why.DEARER: _("Another price of the same priority is lower."),
    }
    return words[why] % {
        "currency": rule.currency if rule else "",
        "group": rule.group if rule else "",
        "start": _moment(rule.starts_at) if rule else "",
        "end": _moment(rule.ends_at) if rule else "",
    }


def _moment(at: datetime | None) -> str:
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT") if at else ""
