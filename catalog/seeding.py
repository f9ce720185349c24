"""A synthetic catalogue of any size, for measuring: plausible words, prices and stock, the same for the same numbers.

Rows are written by the thousand in plain SQL; the search rows come from the ordinary refresh, so that what is measured is
what is sold.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from catalog import stock
from catalog.finding.refreshing import refresh
from catalog.models import Attribute, AttributeChoice, Category, Photo, Product, StockLocation, Variant
from shop.core.models import Shop

BATCH = 2000
LEAVES = 50  # categories that share the products
PROPERTY_CHOICES = {"Finish": 5, "Tone": 14, "Weave": 9, "Origin": 30}
QUALITIES = """
    amber azure birch bold brass bright calm carved clear cobalt coral cotton crisp curved deep
    dusky early fine folded frosted gentle glazed golden green hazel honest inked ivory jade large
    late light linen little low lunar matte misty mossy narrow noble oak ochre olive open pale paper
    pearl pine plain quiet red river round rustic sandy silver slate small smooth soft solid steel
    still stone sunny tall teal tidal velvet violet warm white wide wild woven
""".split()  # noqa: SIM905
THINGS = """
    basket blanket board book bottle bowl box brush bucket candle canister carafe chair clock
    coaster cup cushion dish drawer easel flask frame glass hook jar jug kettle knife lamp ladle mat
    mirror mug notebook organiser pan pillow pitcher plate planter pot poster print rack rug scarf
    shelf spoon stand stool table teapot throw towel tray vase
""".split()  # noqa: SIM905

Told = Callable[[int], None]
Show = Callable[[list[int]], object]

# Everything about product n follows from n. hashint4 is PostgreSQL's own hash, the same on every server.
PRODUCTS = """
INSERT INTO catalog_product (name, slug, status, kind, short_description, description, brand, search_words, tax_class,
    country_of_origin, hs_code, seo_title, seo_description, position, published_at, created_at, updated_at)
SELECT initcap(word.one) || ' ' || word.two || ' ' || word.thing || ' ' || n, 'synthetic-' || n, 'active', 'goods',
    'A ' || word.one || ' thing, number ' || n || '.', initcap(left(prose, 1)) || substr(prose, 2) || '.',
    'Maker ' || 1 + abs(hashint4(n + 11) %% 40), '', 'standard', 'AT', '', '', '', 1000 + n, now(), now(), now()
FROM generate_series(%(first)s, %(last)s) n
CROSS JOIN LATERAL (SELECT %(qualities)s::text[] AS q, %(things)s::text[] AS t) words
CROSS JOIN LATERAL (SELECT q[1 + abs(hashint4(n) %% cardinality(q))] AS one, q[1 + abs(hashint4(n + 7) %% cardinality(q))]
    AS two, t[1 + abs(hashint4(n + 3) %% cardinality(t))] AS thing) word
CROSS JOIN LATERAL (SELECT string_agg((q || t)[1 + abs(hashint4(n * 41 + k) %% cardinality(q || t))], ' ') AS prose
    FROM generate_series(1, 40) k) text
RETURNING id, substr(slug, 11)::int
"""
VARIANTS = """
INSERT INTO catalog_variant (product_id, sku, title, ean13, currency, price_minor, compare_at_minor, cost_minor, weight_g,
    min_quantity, quantity_step, content_unit, low_stock_at, position, is_active)
SELECT product, 'SYN-' || lpad(n::text, 7, '0'), '', '', %(currency)s, price, CASE WHEN n %% 7 = 0 THEN price * 5 / 4 END,
    price / 3, 100 + n %% 2900, 1, 1, '', 5, 0, true
FROM unnest(%(products)s::bigint[], %(numbers)s::int[]) AS given(product, n)
CROSS JOIN LATERAL (SELECT 500 + n::bigint * 7919 %% 20000 AS price) cost
RETURNING id
"""
PLACES = """
INSERT INTO catalog_product_categories (product_id, category_id)
SELECT product, (%(leaves)s::bigint[])[1 + n %% cardinality(%(leaves)s::bigint[])]
FROM unnest(%(products)s::bigint[], %(numbers)s::int[]) AS given(product, n)
"""
# One choice of each attribute.
PROPERTIES = """
INSERT INTO catalog_productattribute (product_id, attribute_id, choice_id, text, position)
SELECT product, choice.attribute_id, choice.id, '', 0
FROM unnest(%(products)s::bigint[], %(numbers)s::int[]) AS given(product, n)
JOIN (SELECT id, attribute_id, count(*) OVER (PARTITION BY attribute_id) AS many,
        row_number() OVER (PARTITION BY attribute_id ORDER BY id) - 1 AS place
      FROM catalog_attributechoice WHERE attribute_id = ANY(%(attributes)s)) choice
    ON choice.place = abs(hashint4(n + choice.attribute_id::int * 1000)) %% choice.many
"""
# The picture files of the products that are there already, shared.
PHOTOS = """
INSERT INTO catalog_photo (product_id, file, alt, width, height, color, widths, position)
SELECT product, file, p.name, width, height, color, widths, 0
FROM unnest(%(products)s::bigint[], %(numbers)s::int[]) AS given(product, n)
JOIN catalog_product p ON p.id = product
JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM catalog_photo WHERE id = ANY(%(photos)s)) photo
    ON photo.place = n %% cardinality(%(photos)s::bigint[])
"""


def seed(products: int, *, show: Show = refresh, told: Told = lambda done: None) -> int:
    """Add `products` products, each with one variant, stock and a place in the tree.

    `show` writes the search rows of those that were added just now; `told` hears how many are done.
    """
    place = StockLocation.objects.order_by("preference", "pk").first()
    place = place or StockLocation.objects.create(code="synthetic", name="Synthetic")
    photos = Photo.objects.filter(product__isnull=False).order_by("pk").values_list("pk", flat=True)[:120]
    given = {
        "leaves": _leaves(),
        "attributes": _attributes(),
        "photos": list(photos),
        "qualities": QUALITIES,
        "things": THINGS,
        "currency": Shop.current().currency,
    }
    first = Product.objects.filter(slug__startswith="synthetic-").count()
    for start in range(first, first + products, BATCH):
        last = min(start + BATCH, first + products) - 1
        show(_add(given | {"first": start, "last": last}, location=place))
        told(last + 1 - first)
    return products


@transaction.atomic
def _add(given: dict[str, Any], *, location: StockLocation) -> list[int]:
    """Products `first` to `last`; returns their ids."""
    with connection.cursor() as cursor:
        cursor.execute(*_whole(PRODUCTS, Product, given))
        products, numbers = map(list, zip(*cursor.fetchall(), strict=True))
        given = given | {"products": products, "numbers": numbers}
        cursor.execute(*_whole(VARIANTS, Variant, given))
        variants = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(PLACES, given)
        cursor.execute(PROPERTIES, given)
        if given["photos"]:
            cursor.execute(PHOTOS, given)
    _put_on_shelf(variants, numbers, location)
    return products


def _whole(insert: str, model: type[Model], given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """With the defaults of the columns that the statement does not name: PostgreSQL does not know them."""
    named = {name.strip() for name in insert[insert.index("(") + 1 : insert.index(")")].split(",")}
    rest = {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.null or field.column in named)
    }
    columns, values = "".join(f"{name}, " for name in rest), "".join(f"%({name})s, " for name in rest)
    return insert.replace("(", f"({columns}", 1).replace("SELECT ", f"SELECT {values}", 1), given | rest


def _put_on_shelf(variants: list[int], numbers: list[int], location: StockLocation) -> None:
    """Every twentieth is sold out. The ledger says where the pieces came from, as it does for all others."""
    pairs = zip(variants, numbers, strict=True)
    pieces = {variant: 60 + number % 900 for variant, number in pairs if number % 20 != 19}
    stock.stock_up(pieces, location=location, reason="synthetic")


def _attributes() -> list[int]:
    """Four that lists filter by, each with a different number of choices."""
    found = []
    for place, (name, many) in enumerate(PROPERTY_CHOICES.items()):
        fields = {"name": name, "kind": Attribute.Kind.CHOICE, "is_filter": True, "position": 100 + place}
        attribute, _made = Attribute.objects.get_or_create(code=f"synthetic-{name.lower()}", defaults=fields)
        choices = [
            AttributeChoice(attribute=attribute, name=word.title(), position=n)
            for n, word in enumerate(QUALITIES[place * 10 : place * 10 + many])
        ]
        AttributeChoice.objects.bulk_create(choices, ignore_conflicts=True)
        found.append(attribute.pk)
    return found


def _leaves() -> list[int]:
    """LEAVES categories below one branch of their own."""
    root = Category.objects.filter(slug="synthetic").first()
    root = root or Category.objects.add_root({"name": "Synthetic", "slug": "synthetic"})
    known = {category.slug: category for category in Category.objects.filter(slug__startswith="synthetic-")}
    for number in range(LEAVES):
        slug = f"synthetic-{number}"
        if slug not in known:
            known[slug] = Category.objects.add_child(
                Category.objects.get(pk=root.pk), {"name": f"{THINGS[number].title()}s", "slug": slug}
            )
    return [known[f"synthetic-{number}"].pk for number in range(LEAVES)]
