"""The lowest price of the last 30 days, which must stand beside every price that is announced as reduced.

Directive 98/6/EC, Art. 6a: the trader names the lowest price that he applied during the 30 days before the reduction
was applied. Counted is what everybody was asked for one piece (PublicPrice); prices of groups are no announcement. The
reduction begins when the present price became a reduced one: a second cut looks back over the first. What was not on
sale before has no earlier price, and no saving is claimed for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from catalog.models import PublicPrice
from catalog.pricing import Price, with_lowest

WINDOW = timedelta(days=30)
Past = tuple[
    datetime, int | None, bool
]  # from this moment on: the amount (None: not on sale), whether reduced


def with_lowest_prices(prices: Mapping[int, Price], *, at: datetime) -> dict[int, Price]:
    """The same {variant id: Price}, the reduced ones with their `lowest`; one query, none if nothing is reduced."""
    reduced = {pk: price for pk, price in prices.items() if price.compare_at}
    known = histories(reduced, currency=next(iter(reduced.values())).amount.currency) if reduced else {}
    found = {
        pk: with_lowest(price, lowest_before(known.get(pk, ()), minor=price.amount.minor, at=at))
        for pk, price in reduced.items()
    }
    return {**prices, **found}


def histories(variant_ids: Iterable[int], *, currency: str) -> dict[int, list[Past]]:
    """{variant id: what it cost, oldest first}."""
    rows = PublicPrice.objects.filter(variant__in=list(variant_ids), currency=currency)
    found: dict[int, list[Past]] = {}
    for row in rows.order_by("at", "pk"):
        found.setdefault(row.variant_id, []).append((row.at, row.price_minor, row.is_reduced))
    return found


def lowest_before(history: Sequence[Past], *, minor: int, at: datetime) -> int | None:
    """The lowest amount in force during the 30 days before `minor` began to be the reduced price; None: there was none."""
    history = [row for row in history if row[0] <= at]
    began = _began(history, minor, at)
    ends = [row[0] for row in history[1:]] + [at]
    return min(
        (
            amount
            for (start, amount, _reduced), end in zip(history, ends, strict=False)
            if amount is not None and start < began and end > began - WINDOW
        ),
        default=None,
    )


def _began(history: Sequence[Past], minor: int, at: datetime) -> datetime:
    """A while off sale does not interrupt a reduction."""
    began = at
    for start, amount, is_reduced in reversed(history):
        if amount is None:
            continue
        if amount != minor or not is_reduced:
            break
        began = start
    return began
