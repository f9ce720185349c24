"""What goes with what, worked out each night from orders and properties into a small table that pages read.

- **Bought together**: two products stood in at least two orders of the last two years; weighed by how often both, against
  how often each (cosine), so that what everybody buys does not go with everything. Orders of more than 30 products say
  nothing. Counted from confirmed orders, not from the stock ledger: that knows the parts of a bundle, not the bundle, and
  nothing of goods that have no stock. No buyer is noted, so the reason names orders, not people.
- **Similar**: the same branch of the tree; weighed by shared properties, near price and likeness of names. Only the 25
  next below and above in price are compared, so the work grows with the number of products and not with its square.

A veto holds at once. Pages leave out what is not listed or sold out when they read.
"""

from collections.abc import Iterable

from django.db import connection, transaction

from catalog.models import Product, Recommendation, Sale, Veto
from shop.core import clock, events

LOCK = 7305  # of the advisory locks: one run at a time
KEPT = 12  # recommendations of each kind for a product
NEIGHBOURS = 25

TOGETHER = """
CREATE TEMP TABLE fresh ON COMMIT DROP AS
WITH recent AS (SELECT reference, product_id FROM catalog_sale WHERE sold_at > now() - interval '2 years'),
bought AS (SELECT product_id, count(*) AS n FROM recent GROUP BY 1),
basket AS (SELECT reference FROM recent GROUP BY 1 HAVING count(*) BETWEEN 2 AND 30),
told AS (SELECT recent.* FROM recent JOIN basket USING (reference)),
pair AS (
    SELECT a.product_id, b.product_id AS other_id, count(*) AS support
    FROM told a JOIN told b ON b.reference = a.reference AND b.product_id <> a.product_id
    GROUP BY 1, 2 HAVING count(*) >= 2)
SELECT pair.product_id, pair.other_id, pair.support::int, pair.support / sqrt(a.n::float * b.n) AS score
FROM pair JOIN bought a ON a.product_id = pair.product_id JOIN bought b ON b.product_id = pair.other_id
"""
SHELF = """
CREATE TEMP TABLE shelf ON COMMIT DROP AS
SELECT product_id, name, facets, price_minor, leaf,
    row_number() OVER (PARTITION BY leaf ORDER BY price_minor, product_id) AS place
FROM (SELECT product_id, name, facets, price_minor, coalesce((page->'crumbs'->-1->>'id')::bigint, 0) AS leaf
      FROM catalog_productsearch WHERE is_listed) listed
"""
SIMILAR = """
CREATE TEMP TABLE fresh ON COMMIT DROP AS
SELECT product_id, other_id, 0 AS support, 2 * shared / greatest(1, of_both - shared)::float + nearness + likeness AS score
FROM (
    SELECT a.product_id, b.product_id AS other_id, cardinality(a.facets) + cardinality(b.facets) AS of_both,
        (SELECT count(*) FROM unnest(a.facets) one WHERE one = ANY (b.facets)) AS shared,
        1 - abs(a.price_minor - b.price_minor) / greatest(a.price_minor, b.price_minor, 1)::float AS nearness,
        similarity(a.name, b.name) AS likeness
    FROM shelf a JOIN shelf b ON b.leaf = a.leaf AND b.place BETWEEN a.place - %(n)s AND a.place + %(n)s
        AND b.product_id <> a.product_id
) compared
"""
BEST = """
CREATE TEMP TABLE best ON COMMIT DROP AS
SELECT * FROM (
    SELECT *, row_number() OVER (PARTITION BY product_id ORDER BY score DESC, support DESC, other_id) AS position
    FROM fresh WHERE NOT EXISTS (
        SELECT 1 FROM catalog_veto v
        WHERE (v.product_id = fresh.other_id AND (v.other_id IS NULL OR v.other_id = fresh.product_id))
            OR (v.product_id = fresh.product_id AND v.other_id = fresh.other_id))
) placed WHERE position <= %(kept)s
"""
DROP = """
DELETE FROM catalog_recommendation old WHERE kind = %(kind)s AND NOT EXISTS (
    SELECT 1 FROM best WHERE best.product_id = old.product_id AND best.other_id = old.other_id)
"""
KEEP = """
INSERT INTO catalog_recommendation AS old (product_id, other_id, kind, position, support, score)
SELECT product_id, other_id, %(kind)s, position, support, score FROM best
ON CONFLICT (product_id, kind, other_id) DO UPDATE
SET position = excluded.position, support = excluded.support, score = excluded.score
WHERE (old.position, old.support, old.score) IS DISTINCT FROM (excluded.position, excluded.support, excluded.score)
"""


def note_sale(reference: str, products: Iterable[int | None]) -> None:
    """An order was confirmed; told by orders, in the same transaction. Told twice, it counts once; None is skipped: what is no
    longer in the catalogue."""
    moment = clock.now()
    known = sorted({product for product in products if product})
    rows = [Sale(reference=reference, product_id=product, sold_at=moment) for product in known]
    Sale.objects.bulk_create(rows, ignore_conflicts=True)


def forget_sale(reference: str) -> None:
    """The order was cancelled: it says nothing about what goes together."""
    Sale.objects.filter(reference=reference).delete()


def recommend() -> dict[str, int]:
    """Work out everything anew; returns {kind: rows there are now}. Rows that did not change are not written."""
    return {kind: _renew(kind) for kind in Recommendation.Kind.values}


@transaction.atomic
def veto(product: Product, *, other: Product | None = None, by=None) -> Veto:
    """Never `product` beside `other`, in either direction; without `other`, never `product` anywhere. At once."""
    found, is_new = Veto.objects.get_or_create(product=product, other=other)
    if is_new:
        drop_vetoed(found, by=by)
    return found


def drop_vetoed(veto: Veto, *, by=None) -> None:
    """What a new veto forbids goes, in the caller's transaction."""
    shown = Recommendation.objects.filter(other=veto.product)
    if veto.other_id:
        back = Recommendation.objects.filter(other=veto.other, product=veto.product)
        shown = shown.filter(product=veto.other) | back
    shown.delete()
    events.record("product.recommendation_vetoed", veto.product, by=by, other=veto.other_id)


@transaction.atomic
def _renew(kind: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '2h'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        for name in ("fresh", "shelf", "best"):
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
        if kind == Recommendation.Kind.TOGETHER:
            cursor.execute(TOGETHER)
        else:
            cursor.execute(SHELF)
            cursor.execute("CREATE INDEX ON shelf (leaf, place)")
            cursor.execute("ANALYZE shelf")
            cursor.execute(SIMILAR, {"n": NEIGHBOURS})
        cursor.execute(BEST, {"kept": KEPT})
        cursor.execute("CREATE UNIQUE INDEX ON best (product_id, other_id)")
        cursor.execute("ANALYZE best")
        cursor.execute(DROP, {"kind": kind})
        cursor.execute(KEEP, {"kind": kind})
        cursor.execute("SELECT count(*) FROM best")
        count: int = cursor.fetchone()[0]
    return count
