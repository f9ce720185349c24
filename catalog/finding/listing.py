"""A list of products with filters, sorting and pages, made from search rows alone in two queries.

Sold-out products stay in the list, at its end. The numbers are exact up to counting.MOST hits.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_lazy, ngettext, to_locale
from django.utils.translation import gettext as _

from catalog.finding import counting
from catalog.finding.cards import card_of
from catalog.finding.counting import Counts, count
from catalog.finding.facets import groups_for_page, value_label
from catalog.finding.paging import Page, page_of
from catalog.models import ProductSearch
from catalog.products.guides import guides
from catalog.wishes import Wishes
from shop.core.currency import exponent
from shop.core.money import Money, minor_of

SORTS: dict[str, Any] = {
    "popular": gettext_lazy("Most popular"),
    "newest": gettext_lazy("Newest"),
    "price": gettext_lazy("Price, low to high"),
    "-price": gettext_lazy("Price, high to low"),
    "rating": gettext_lazy("Best rated"),
}


@dataclass(frozen=True)
class Listing:
    cards: list[dict[str, Any]]
    total: int
    everything: int
    text: str  # "48 products"
    page_text: str  # "25 to 48 of 60 products"
    facets: list[dict]
    price: dict[str, Any]
    chips: list[dict]
    clear_url: str
    sorts: list[dict]
    pages: list[dict]
    previous: str
    next: str
    page: int
    wishes: Wishes

    @property
    def active(self) -> int:
        return len(self.chips)

    @property
    def is_for_robots(self) -> bool:
        """Lists filtered by two things or more, or sorted, are endless: robots need not know them."""
        return self.active < 2 and not self.wishes.sort and not (self.wishes.after or self.wishes.before)


def list_products(
    base: QuerySet[ProductSearch],
    wishes: Wishes,
    *,
    currency: str,
    order: list | None = None,
    first_sort: str = "",
    counts: Counts | None = None,
) -> Listing:
    """The products of `base` that the visitor wishes to see. `order` replaces the usual one, called `first_sort`."""
    counts = counts or counts_of(base, wishes, currency=currency)
    rows = filtered(base, wishes, currency=currency).defer("document", "page")
    page = page_of(
        rows, wishes, total=counts.total, is_cut=counts.is_cut, order=None if wishes.sort else order
    )
    return Listing(
        cards=[card_of(row) for row in page.rows],
        total=counts.total,
        everything=counts.everything,
        text=_text(counts),
        page_text=_page_text(page, counts),
        facets=groups_for_page(counts.tokens, wishes.chosen),
        price=_price_filter(wishes, counts, currency),
        chips=_chips(wishes, currency),
        clear_url=wishes.clear_url(),
        sorts=_sorts(wishes, first_sort),
        pages=page.links,
        previous=page.previous,
        next=page.next,
        page=page.number,
        wishes=wishes,
    )


def counts_of(base: QuerySet[ProductSearch], wishes: Wishes, *, currency: str) -> Counts:
    return count(
        base,
        wishes.chosen,
        low=minor_of(wishes.price_min, currency),
        high=minor_of(wishes.price_max, currency),
    )


def filtered(base: QuerySet[ProductSearch], wishes: Wishes, *, currency: str) -> QuerySet[ProductSearch]:
    for group, values in wishes.chosen.items():
        base = base.filter(facets__overlap=[f"{group}:{value}" for value in values])
    if wishes.price_min is not None:
        base = base.filter(price_minor__gte=minor_of(wishes.price_min, currency))
    if wishes.price_max is not None:
        base = base.filter(price_minor__lte=minor_of(wishes.price_max, currency))
    return base


def _text(counts: Counts) -> str:
    return ngettext("%(n)s product", "%(n)s products", counts.total) % {"n": _total(counts)}


def _total(counts: Counts) -> str:
    """ "4,711", or "5,000+" where nobody counted on."""
    return f"{_number(counting.MOST)}+" if counts.is_cut else _number(counts.total)


def _number(number: int) -> str:
    return format_decimal(number, locale=to_locale(get_language() or "en"))


def _page_text(page: Page, counts: Counts) -> str:
    if not page.rows:
        return ""
    return _("%(first)s to %(last)s of %(total)s products") % {
        "first": _number(page.first),
        "last": _number(page.first + len(page.rows) - 1),
        "total": _total(counts),
    }


def _price_filter(wishes: Wishes, counts: Counts, currency: str) -> dict[str, Any]:
    """What the two fields hold; the cheapest and the dearest as placeholders, in whole units."""
    unit = 10 ** exponent(currency)
    return {
        "min": "" if wishes.price_min is None else f"{wishes.price_min:f}",
        "max": "" if wishes.price_max is None else f"{wishes.price_max:f}",
        "lowest": counts.price_min // unit,
        "highest": -(-counts.price_max // unit),
        "currency": currency,
        "is_useful": counts.price_max > counts.price_min or wishes.has_price,
    }


def _chips(wishes: Wishes, currency: str) -> list[dict]:
    known = guides() if wishes.chosen else {}
    chips = [
        {"label": value_label(group, value, known), "url": wishes.url(without=(group, value))}
        for group, values in wishes.chosen.items()
        for value in values
    ]
    if wishes.has_price:
        chips.append({"label": _price_label(wishes, currency), "url": wishes.url(price=False)})
    return chips


def _price_label(wishes: Wishes, currency: str) -> str:
    low, high = (
        Money.from_decimal(amount or Decimal(0), currency).format()
        for amount in (wishes.price_min, wishes.price_max)
    )
    if wishes.price_max is None:
        return _("from %(low)s") % {"low": low}
    return _("up to %(high)s") % {"high": high} if wishes.price_min is None else f"{low} – {high}"


def _sorts(wishes: Wishes, first: str) -> list[dict]:
    """The list's own order first: "Most popular", or what `first` calls it."""
    options = [{"value": "", "label": first or SORTS["popular"], "checked": not wishes.sort}]
    return options + [
        {"value": value, "label": label, "checked": value == wishes.sort}
        for value, label in SORTS.items()
        if value != "popular" or first
    ]
