"""Writes down what everybody is asked for, whenever it changes, and turns sales on and off in lists and search.

Prices follow their lists by the moment; nothing has to run for a sale to start. What is kept beside them, the history of
public prices and the search rows, is brought up to date here: by the operation that changed a price, by every refresh of a
search row, and for starts and ends by a periodic task, which writes the true moment down even when it comes late.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from catalog.finding import refreshing
from catalog.models import PriceList, Product, ProductSearch, Variant
from catalog.prices.noting import note_prices
from shop.core import clock

BATCH = 500
LOCK = 7303  # of the advisory locks: one process turns sales at a time


def turn_lists() -> int:
    """Periodic: bring up to date what started or ended since; returns how many lists turned."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            return sum(_turn(price_list) for price_list in due(clock.now()))
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def due(now: datetime) -> QuerySet[PriceList]:
    """Lists for everybody whose start or end has passed and is not shown yet."""
    late = Q()
    for moment in ("starts_at", "ends_at"):
        late |= Q(**{f"{moment}__lte": now}) & (Q(turned_at=None) | Q(turned_at__lt=F(moment)))
    return PriceList.objects.filter(late, is_active=True, group=None).order_by("starts_at", "pk")


def refresh_reach(price_list_id: int) -> int:
    """Search rows and history of every product that the list prices or has priced; returns how many products."""
    return sum(refreshing.refresh(ids) for ids in _batches(reach(price_list_id)))


def reach(price_list_id: int) -> QuerySet[Product]:
    """The products whose public price the list may decide, and those whose price it decided when last looked at."""
    before = ProductSearch.objects.filter(price_lists__contains=[price_list_id]).values("product")
    return Product.objects.filter(Q(pk__in=before) | _named_by(price_list_id))


def _named_by(price_list_id: int) -> Q:
    found = PriceList.objects.filter(pk=price_list_id, group=None, is_active=True).select_related("category")
    for price_list in found:
        if price_list.method == PriceList.Method.FIXED:
            return Q(pk__in=Variant.objects.filter(list_prices__price_list=price_list).values("product"))
        if price_list.category is None:
            return ~Q(pk=None)
        links = Product.categories.through.objects.filter(category__path__startswith=price_list.category.path)
        return Q(pk__in=links.values("product"))
    return Q(pk__in=[])


def _turn(price_list: PriceList) -> bool:
    now = clock.now()
    since = price_list.turned_at
    moments = sorted(
        moment
        for moment in (price_list.starts_at, price_list.ends_at)
        if moment and moment <= now and (since is None or moment > since)
    )
    for ids in _batches(reach(price_list.pk)):
        variants = list(Variant.objects.filter(product__in=ids).values_list("pk", flat=True))
        with transaction.atomic():
            for moment in moments:
                note_prices(variants, at=moment)
        refreshing.refresh(ids)
    PriceList.objects.filter(pk=price_list.pk).update(turned_at=now)
    return True


def _batches(products: QuerySet[Product]) -> Iterator[list[int]]:
    """Their ids, in steps that a shop of any size can take."""
    last = 0
    while True:
        ids = list(products.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not ids:
            return
        yield ids
        last = ids[-1]
