"""What must always be true of stock, of what lists show, and of pictures. Each check names the rows that break it."""

from collections.abc import Iterator

from django.core.files.storage import default_storage

from catalog.models import Category, Photo
from catalog.photos.pictures import rendition_path
from catalog.prices import checks, repricing
from shop.core import clock
from shop.core.integrity import check, rows


@check("N01-stock-ledger", "what is on hand is the sum of its ledger")
def stock_ledger() -> Iterator[str]:
    broken = rows(
        """SELECT i.id, i.on_hand, coalesce(m.n, 0) FROM catalog_stockitem i
           LEFT JOIN (SELECT stock_item_id, sum(on_hand_delta) AS n FROM catalog_movement GROUP BY 1) m
               ON m.stock_item_id = i.id
           WHERE i.on_hand <> coalesce(m.n, 0)"""
    )
    yield from (f"stock row {pk} has {there} on hand, its ledger says {said}" for pk, there, said in broken)


@check(
    "N02-stock-bounds",
    "never more is reserved than is on hand, nor preordered than is expected; and never less than nothing",
)
def stock_bounds() -> Iterator[str]:
    broken = rows(
        """SELECT id, on_hand, reserved, expected, preordered FROM catalog_stockitem
           WHERE reserved < 0 OR reserved > on_hand OR preordered < 0 OR preordered > expected"""
    )
    for pk, there, reserved, expected, preordered in broken:
        yield f"stock row {pk} has {reserved} of {there} reserved, {preordered} of {expected} preordered"


@check("N03-stock-reserved", "what is reserved is the sum of the promises, and of the ledger")
def stock_reserved() -> Iterator[str]:
    broken = rows(
        """SELECT i.id, i.reserved, coalesce(r.n, 0), coalesce(m.n, 0) FROM catalog_stockitem i
           LEFT JOIN (SELECT stock_item_id, sum(quantity) AS n FROM catalog_reservation GROUP BY 1) r
               ON r.stock_item_id = i.id
           LEFT JOIN (SELECT stock_item_id, sum(reserved_delta) AS n FROM catalog_movement GROUP BY 1) m
               ON m.stock_item_id = i.id
           WHERE i.reserved <> coalesce(r.n, 0) OR i.reserved <> coalesce(m.n, 0)"""
    )
    for pk, reserved, promised, moved in broken:
        yield f"stock row {pk} has {reserved} reserved, promises say {promised}, its ledger {moved}"


@check("N24-preordered", "what is expected and preordered is the sum of the promises, and of the ledger")
def stock_preordered() -> Iterator[str]:
    broken = rows(
        """SELECT i.id, i.expected, i.preordered, coalesce(r.n, 0), coalesce(m.e, 0), coalesce(m.p, 0)
           FROM catalog_stockitem i
           LEFT JOIN (SELECT stock_item_id, sum(awaiting) AS n FROM catalog_reservation GROUP BY 1) r
               ON r.stock_item_id = i.id
           LEFT JOIN (SELECT stock_item_id, sum(expected_delta) AS e, sum(preordered_delta) AS p
                      FROM catalog_movement GROUP BY 1) m ON m.stock_item_id = i.id
           WHERE i.preordered <> coalesce(r.n, 0) OR i.preordered <> coalesce(m.p, 0) OR i.expected <> coalesce(m.e, 0)"""
    )
    for pk, expected, preordered, promised, *moved in broken:
        yield f"stock row {pk}: {expected} expected, {preordered} preordered; promises {promised}, ledger {moved}"


@check("N22-preorder-day", "what is sold before it is there has a day by which it ships")
def preorder_day() -> Iterator[str]:
    broken = rows(
        """SELECT v.sku, sum(i.expected) FROM catalog_stockitem i JOIN catalog_variant v ON v.id = i.variant_id
           WHERE v.ships_by IS NULL GROUP BY v.sku HAVING sum(i.expected) > 0"""
    )
    yield from (f"{sku}: {pieces} are expected, by no day" for sku, pieces in broken)


@check("N23-served", "nobody waits for what lies on the same shelf and is promised to nobody")
def waiting_are_served() -> Iterator[str]:
    broken = rows("SELECT id, preordered FROM catalog_stockitem WHERE preordered > 0 AND on_hand > reserved")
    yield from (f"stock row {pk}: {pieces} are waited for, and there are some" for pk, pieces in broken)


WAITING = """SELECT 1 FROM core_delivery
    WHERE done_at IS NULL AND parked_at IS NULL AND reaction LIKE 'catalog.tasks.refresh%%' LIMIT 1"""


RETRACTING = """SELECT 1 FROM core_delivery
    WHERE done_at IS NULL AND parked_at IS NULL AND reaction = 'catalog.tasks.retract_products_of_seller' LIMIT 1"""


@check("C01-search-rows", "lists show every published product, with its stock")
def search_rows() -> Iterator[str]:
    """Says nothing while a refresh is on its way."""
    if rows(WAITING):
        return
    broken = rows(
        """WITH takes AS (
               SELECT v.id AS sold, coalesce(b.component_id, v.id) AS taken,
                      CASE WHEN p.kind IN ('made', 'digital', 'gift_card') THEN 0 ELSE coalesce(b.quantity, 1) END AS pieces
               FROM catalog_variant v JOIN catalog_product p ON p.id = v.product_id
               LEFT JOIN catalog_bundlepart b ON b.bundle_id = v.id AND p.kind = 'bundle')
           SELECT p.slug, row.product_id IS NULL FROM catalog_product p
           LEFT JOIN catalog_productsearch row ON row.product_id = p.id
           LEFT JOIN (SELECT t.product_id, bool_or(t.there) AS there FROM (
                          SELECT v.product_id, v.id, bool_and(coalesce(s.free, 0) >= takes.pieces) AS there
                          FROM catalog_variant v JOIN takes ON takes.sold = v.id
                          LEFT JOIN (SELECT i.variant_id,
                                     sum(i.on_hand - i.reserved + i.expected - i.preordered) AS free FROM catalog_stockitem i
                                     JOIN catalog_stocklocation l ON l.id = i.location_id AND l.is_active GROUP BY 1) s
                              ON s.variant_id = takes.taken
                          WHERE v.is_active GROUP BY 1, 2) t GROUP BY 1) s ON s.product_id = p.id
           WHERE (row.product_id IS NULL AND p.status = 'active')
              OR (row.is_listed AND p.status <> 'active')
              OR row.in_stock <> coalesce(s.there, false)"""
    )
    for slug, is_missing in broken:
        yield (
            f"{slug} is missing in lists" if is_missing else f"lists show {slug} wrongly: reindex mends it"
        )


@check("C04-search-prices", "lists show every product for what everybody pays now")
def search_prices() -> Iterator[str]:
    """Says nothing while a refresh is on its way, or a sale has started or ended a moment ago."""
    if not rows(WAITING) and not repricing.due(clock.now()).exists():
        yield from checks.wrong_rows()


@check("C05-price-history", "the history of public prices ends with what everybody pays now")
def price_history() -> Iterator[str]:
    if not rows(WAITING) and not repricing.due(clock.now()).exists():
        yield from checks.wrong_histories()


@check("C06-sets", "a set consists of goods that are kept in stock, and keeps none itself")
def sets() -> Iterator[str]:
    broken = rows(
        """SELECT v.sku, c.sku FROM catalog_bundlepart b JOIN catalog_variant v ON v.id = b.bundle_id
           JOIN catalog_product p ON p.id = v.product_id JOIN catalog_variant c ON c.id = b.component_id
           JOIN catalog_product q ON q.id = c.product_id WHERE p.kind <> 'bundle' OR q.kind <> 'goods'"""
    )
    yield from (f"{part} cannot be part of {sku}: one of the two is of another kind" for sku, part in broken)
    stocked = rows(
        """SELECT v.sku, p.kind FROM catalog_stockitem i JOIN catalog_variant v ON v.id = i.variant_id
           JOIN catalog_product p ON p.id = v.product_id
           WHERE p.kind <> 'goods' AND (i.on_hand <> 0 OR i.reserved <> 0 OR i.expected <> 0)"""
    )
    yield from (f"{sku} is of the kind {kind}, and yet there is stock of it" for sku, kind in stocked)


@check(
    "C08-sellers",
    "goods lie where their seller keeps them, sets are of one seller, and closed sellers sell nothing",
)
def sellers() -> Iterator[str]:
    astray = rows(
        """SELECT v.sku, l.name FROM catalog_stockitem i JOIN catalog_stocklocation l ON l.id = i.location_id
           JOIN catalog_variant v ON v.id = i.variant_id JOIN catalog_product p ON p.id = v.product_id
           WHERE i.on_hand > 0 AND l.seller_id IS NOT NULL AND l.seller_id IS DISTINCT FROM p.seller_id"""
    )
    yield from (f"{sku} lies at {place}, which is another seller's" for sku, place in astray)
    mixed = rows(
        """SELECT v.sku, c.sku FROM catalog_bundlepart b JOIN catalog_variant v ON v.id = b.bundle_id
           JOIN catalog_product p ON p.id = v.product_id JOIN catalog_variant c ON c.id = b.component_id
           JOIN catalog_product q ON q.id = c.product_id WHERE p.seller_id IS DISTINCT FROM q.seller_id"""
    )
    yield from (f"the set {sku} has {part} of another seller in it" for sku, part in mixed)
    if rows(RETRACTING):
        return
    shut = rows(
        """SELECT p.slug FROM catalog_product p JOIN accounts_seller s ON s.id = p.seller_id
           WHERE p.status = 'active' AND NOT s.is_active"""
    )
    yield from (f"{slug} is on sale, but its seller no longer sells here" for (slug,) in shut)


@check("C02-ratings", "the number of stars and ratings shown is that of the published reviews")
def ratings() -> Iterator[str]:
    if rows(WAITING):
        return
    broken = rows(
        """SELECT p.slug FROM catalog_productsearch row JOIN catalog_product p ON p.id = row.product_id
           LEFT JOIN (SELECT product_id, count(*) AS n, round(avg(stars), 2) AS stars FROM catalog_review
                      WHERE status = 'published' GROUP BY 1) r ON r.product_id = p.id
           WHERE row.rating_count <> coalesce(r.n, 0) OR row.rating IS DISTINCT FROM r.stars"""
    )
    yield from (f"the stars of {slug} are wrong: reindex mends it" for (slug,) in broken)


@check("C07-helpful", "the number of people who found a review helpful is that of their votes")
def helpful() -> Iterator[str]:
    broken = rows(
        """SELECT r.id, r.helpful, count(v.id) FROM catalog_review r
           LEFT JOIN catalog_helpfulvote v ON v.review_id = r.id
           GROUP BY r.id HAVING r.helpful <> count(v.id)"""
    )
    yield from (f"review {pk} shows {shown} votes and has {cast}" for pk, shown, cast in broken)


@check("C03-category-tree", "every branch hangs on the one above it and knows how many hang on it")
def category_tree() -> Iterator[str]:
    step = Category.steplen
    broken = rows(
        """SELECT c.slug FROM catalog_category c
           LEFT JOIN catalog_category above ON above.path = left(c.path, -%s)
           WHERE length(c.path) <> c.depth * %s OR (c.depth > 1 AND above.id IS NULL)
              OR c.numchild <> (SELECT count(*) FROM catalog_category below
                                WHERE below.path LIKE c.path || '%%' AND below.depth = c.depth + 1)""",
        [step, step],
    )
    yield from (f"category {slug} hangs wrongly in the tree" for (slug,) in broken)


@check(
    "C08-attribute-kinds",
    "every value is of the kind that its attribute has now, and its choice the attribute's own",
)
def attribute_kinds() -> Iterator[str]:
    broken = rows(
        """SELECT p.slug, a.code FROM catalog_productattribute v JOIN catalog_attribute a ON a.id = v.attribute_id
           JOIN catalog_product p ON p.id = v.product_id
           LEFT JOIN catalog_attributechoice c ON c.id = v.choice_id
           WHERE CASE a.kind WHEN 'text' THEN v.text = '' WHEN 'number' THEN v.number IS NULL
               WHEN 'boolean' THEN v.is_true IS NULL WHEN 'date' THEN v.date IS NULL
               ELSE c.attribute_id IS DISTINCT FROM a.id END"""
    )
    yield from (f"{slug} has a value of {code} that is not of its kind" for slug, code in broken)


@check("C09-old-slugs", "no address is both somebody's present one and somebody's old one")
def old_slugs() -> Iterator[str]:
    broken = rows(
        """SELECT o.slug FROM catalog_oldslug o JOIN catalog_product p ON p.slug = o.slug WHERE o.product_id IS NOT NULL
           UNION ALL
           SELECT o.slug FROM catalog_oldslug o JOIN catalog_category c ON c.slug = o.slug WHERE o.category_id IS NOT NULL"""
    )
    yield from (f"{slug} is an address in use and an old one" for (slug,) in broken)


@check("N20-media-files", "every picture's file is there, with its renditions", on_request=True)
def media_files() -> Iterator[str]:
    for pk, name, widths in Photo.objects.order_by("pk").values_list("pk", "file", "widths").iterator():
        missing = [
            path
            for path in (name, *(rendition_path(name, w) for w in widths))
            if not default_storage.exists(path)
        ]
        yield from (f"photo {pk}: {path} is missing" for path in missing)
