"""Keeps the history of public prices: a row whenever what everybody is asked for one piece becomes something else.

Whoever changes prices calls `note_prices` in his own transaction; doing it again writes nothing. It reads the lists from
the database, not from the cache, under a lock taken first: of two that write, the later one reads later.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection, transaction

from catalog.models import Product, PublicPrice, Variant
from catalog.pricing import Price, known_prices
from shop.core import clock, many
from shop.core.models import Shop

LOCK = 7302  # of the advisory locks that stand for variants' histories
State = tuple[int | None, bool]  # amount, whether reduced
NEVER_SOLD: State = (None, False)


@transaction.atomic
def note_prices(variant_ids: Iterable[int], *, at: datetime | None = None) -> int:
    """Write down what these cost now, or cost `at` a moment that the history has not passed yet; returns the rows."""
    ids = sorted(set(variant_ids))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s::int[]) AS id", [LOCK, ids])
    moment = at or clock.now()
    variants = _with_products(ids)
    rows: list[PublicPrice] = []
    for currency in Shop.current().currencies:
        prices = known_prices(variants, currency=currency, at=moment, is_fresh=True)
        rows += _changes(variants, prices, last_states(ids, currency=currency), currency, moment)
    many.insert(rows)
    return len(rows)


def last_states(variant_ids: Iterable[int], *, currency: str) -> dict[int, tuple[datetime, State]]:
    """{variant id: (since when, what is written down last)}."""
    rows = PublicPrice.objects.filter(variant__in=list(variant_ids), currency=currency)
    latest = rows.order_by("variant_id", "-at", "-pk").distinct("variant_id")
    return {row.variant_id: (row.at, (row.price_minor, row.is_reduced)) for row in latest}


def state_of(variant: Variant, price: Price | None) -> State:
    """What is to be written down. `variant` comes with its product."""
    if price is None or not variant.is_active or variant.product.status != Product.Status.ACTIVE:
        return NEVER_SOLD
    return price.amount.minor, price.compare_at is not None


def _with_products(variant_ids: Iterable[int]) -> list[Variant]:
    """A product is read once, not with each of its variants, and without its texts."""
    variants = list(Variant.objects.filter(pk__in=list(variant_ids)))
    products = Product.objects.only("status").in_bulk({variant.product_id for variant in variants})
    for variant in variants:
        variant.product = products[variant.product_id]
    return variants


def _changes(
    variants: Iterable[Variant],
    prices: Mapping[int, Price],
    last: Mapping[int, tuple[datetime, State]],
    currency: str,
    moment: datetime,
) -> list[PublicPrice]:
    rows = []
    for variant in variants:
        minor, is_reduced = state_of(variant, prices.get(variant.pk))
        since, known = last.get(variant.pk, (None, NEVER_SOLD))
        if (minor, is_reduced) == known or (since and since > moment):
            continue
        rows.append(
            PublicPrice(
                variant=variant, currency=currency, price_minor=minor, is_reduced=is_reduced, at=moment
            )
        )
    return rows
