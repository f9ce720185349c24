"""Pages of a list: numbered, as real links, as far as the list is counted; beyond that each page begins after a row.

A list of at most MOST hits is numbered to its end. A longer one has NUMBERED numbers; its further pages are reached one
by one, by the key of the row they begin after, and cost no more than the first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from catalog.finding.sorting import beside, key_of, order_of
from catalog.models import ProductSearch
from catalog.wishes import Wishes

PER_PAGE = 24
NUMBERED = 50
RANKED = 2_000  # of the most popular hits of a list too long to count are put in an order of their own


@dataclass(frozen=True)
class Page:
    rows: list[ProductSearch]
    number: int
    links: list[dict]
    previous: str  # URLs, empty at either end
    next: str

    @property
    def first(self) -> int:
        """The place of its first row in the list, from 1."""
        return (self.number - 1) * PER_PAGE + 1


def page_of(
    rows: QuerySet[ProductSearch], wishes: Wishes, *, total: int, is_cut: bool, order: list | None = None
) -> Page:
    """The page of `rows` that was asked for; the last one for a number beyond the end. `order` can only be numbered."""
    last = NUMBERED if is_cut else max(1, -(-total // PER_PAGE))
    number = min(wishes.page, last)
    name = "" if order else wishes.sort or "popular"
    if is_cut and name and wishes.page > last and (deep := _deep(rows, wishes, name)):
        return deep
    if is_cut and order:
        rows = rows.filter(pk__in=rows.order_by(*order_of("popular")).values("pk")[:RANKED])
    first = (number - 1) * PER_PAGE
    found = list(rows.order_by(*(order or order_of(name)))[first : first + PER_PAGE + 1])
    shown, is_more = found[:PER_PAGE], len(found) > PER_PAGE
    onward = wishes.url(page=number + 1) if number < last else ""
    if is_more and name and number == last:
        onward = wishes.url(page=number + 1, after=key_of(shown[-1], name))
    back = wishes.url(page=number - 1) if number > 1 else ""
    return Page(shown, number, page_links(number, last, wishes.url), back, onward)


def _deep(rows: QuerySet[ProductSearch], wishes: Wishes, name: str) -> Page | None:
    """A page beyond the numbered ones; None if its key is nonsense or nothing lies there."""
    is_back = bool(wishes.before) and not wishes.after
    key = wishes.before if is_back else wishes.after
    found = beside(rows, name, key, size=PER_PAGE + 1, before=is_back)
    if not found:
        return None
    shown = found[-PER_PAGE:] if is_back else found[:PER_PAGE]
    number = wishes.page
    is_more = is_back or len(found) > PER_PAGE
    onward = wishes.url(page=number + 1, after=key_of(shown[-1], name)) if is_more else ""
    back = wishes.url(page=number - 1)
    if number - 1 > NUMBERED:
        back = wishes.url(page=number - 1, before=key_of(shown[0], name))
    return Page(list(shown), number, page_links(number, NUMBERED, wishes.url), back, onward)


def page_links(page: int, last: int, url: Callable[..., str]) -> list[dict]:
    """[{number, url, current}], a gap has no number; empty when there is only one page."""
    if last < 2:
        return []
    near = {1, last, *range(max(1, page - 1), min(last, page + 1) + 1)}
    links: list[dict] = []
    for number in sorted(near):
        if links and number > links[-1]["number"] + 1:
            links.append(
                {"number": None} if number > links[-1]["number"] + 2 else _link(number - 1, page, url)
            )
        links.append(_link(number, page, url))
    if page > last:
        links += [{"number": None}, {"number": page, "url": "", "current": True}]
    return links


def _link(number: int, page: int, url: Callable[..., str]) -> dict[str, Any]:
    return {"number": number, "url": url(page=number), "current": number == page}
