"""Keeps the search row of a product in step with everything it is made of.

A row is written whole, from what is true at that moment, with the row locked first: of two workers the later one reads
later. So it does not matter how often, in which order or at what moment a refresh is asked for.
"""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from django.contrib.postgres.search import SearchVector
from django.db import connection, transaction
from django.db.models import Value

from catalog.facets import tokens_of
from catalog.gathering import Facts, gather
from catalog.models import Product, ProductSearch, SearchTerm
from shop.core.locks import lock

BATCH = 500
CONFIG = "shop_en"
WRITTEN = [field.name for field in ProductSearch._meta.concrete_fields if field.name != "product"]


def refresh(product_ids: Iterable[int]) -> int:
    """Write the search rows of these products anew; returns how many exist."""
    ids, done = sorted(set(product_ids)), 0
    for start in range(0, len(ids), BATCH):
        done += _refresh(ids[start : start + BATCH])
    return done


def refresh_sold() -> int:
    """Bring the number of pieces sold up to date everywhere; returns how many rows changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE catalog_productsearch row SET sold = shipped.pieces FROM (
                   SELECT v.product_id, -sum(m.on_hand_delta) AS pieces FROM catalog_movement m
                   JOIN catalog_stockitem i ON i.id = m.stock_item_id JOIN catalog_variant v ON v.id = i.variant_id
                   WHERE m.kind = 'ship' GROUP BY v.product_id) shipped
               WHERE row.product_id = shipped.product_id AND row.sold <> shipped.pieces"""
        )
        return cursor.rowcount


@transaction.atomic
def _refresh(ids: list[int]) -> int:
    here = list(Product.objects.filter(pk__in=ids).values_list("pk", flat=True))
    ProductSearch.objects.bulk_create([ProductSearch(product_id=pk) for pk in here], ignore_conflicts=True)
    list(lock(ProductSearch.objects.filter(pk__in=here).only("pk")))
    facts = gather(here)
    ProductSearch.objects.bulk_create(
        [row_of(fact) for fact in facts],
        update_conflicts=True,
        unique_fields=["product"],
        update_fields=WRITTEN,
    )
    words = sorted(set().union(*(terms_of(fact) for fact in facts)))
    SearchTerm.objects.bulk_create((SearchTerm(word=word) for word in words), ignore_conflicts=True)
    return len(facts)


def row_of(fact: Facts) -> ProductSearch:
    product, variants = fact.product, fact.variants
    cheapest = variants[0] if variants else None
    votes = sum(fact.stars.values())
    return ProductSearch(
        product=product,
        is_listed=product.status == Product.Status.ACTIVE and bool(variants),
        name=product.name,
        document=_document(fact),
        category_ids=[category.pk for category in fact.categories],
        facets=tokens_of(fact),
        currency=cheapest.currency if cheapest else "EUR",
        price_minor=cheapest.price_minor if cheapest else 0,
        price_max_minor=variants[-1].price_minor if cheapest else 0,
        compare_at_minor=cheapest.compare_at_minor if cheapest else None,
        is_reduced=any(variant.compare_at_minor for variant in variants),
        in_stock=any(pieces > 0 for pieces in fact.available.values()),
        rating=_average(fact.stars) if votes else None,
        rating_count=votes,
        sold=fact.sold,
        position=product.position,
        published_at=product.published_at,
        card=_card(fact),
        page=_page(fact),
    )


def terms_of(fact: Facts) -> set[str]:
    """The words that a misspelt one may be corrected to."""
    product = fact.product
    texts = [product.name, product.brand, product.search_words]
    texts += [f"{category.name} {category.search_words}" for category in fact.categories]
    texts += [value["name"] for option in fact.options for value in option["values"]]
    texts += [row["value"] for row in fact.attributes if not row["is_section"]]
    return words_of(" ".join(texts))


def words_of(text: str) -> set[str]:
    """Its words of three letters or more, small and without accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return {word[:60] for word in re.findall(r"[a-z]{3,}", plain)}


def code_of(text: str) -> str:
    """A SKU or EAN as one word of the index: letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _document(fact: Facts):
    product = fact.product
    codes = " ".join(code_of(code) for v in fact.variants for code in (v.sku, v.ean13) if code)
    families = [f"{category.name} {category.search_words}" for category in fact.categories]
    values = [value["name"] for option in fact.options for value in option["values"]]
    values += [row["value"] for row in fact.attributes]
    parts = [
        ("A", CONFIG, product.name),
        ("A", "simple", codes),
        ("B", CONFIG, " ".join([product.brand, product.search_words, *families])),
        ("C", CONFIG, " ".join([product.short_description, *values])),
        ("D", CONFIG, product.description),
    ]
    vectors = [SearchVector(Value(text), weight=weight, config=config) for weight, config, text in parts]
    return sum(vectors[1:], vectors[0])


def _average(stars: dict[int, int]) -> Decimal:
    total = sum(value * number for value, number in stars.items())
    return (Decimal(total) / sum(stars.values())).quantize(Decimal("0.01"))


def _card(fact: Facts) -> dict:
    swatches = [value for option in fact.options for value in option["values"] if value["color"]]
    return {
        "slug": fact.product.slug,
        "kind": _crumbs(fact)[-1]["name"] if _crumbs(fact) else "",
        "photo": fact.photos[0] if fact.photos else None,
        "choices": [[option["name"], len(option["values"])] for option in fact.options],
        "swatches": [{"name": value["name"], "colour": value["color"]} for value in swatches],
        "is_low": _is_low(fact),
    }


def _is_low(fact: Facts) -> bool:
    """Something is left, but of no variant more than its own low mark."""
    left = {v: fact.available[v.pk] for v in fact.variants if fact.available[v.pk] > 0}
    return bool(left) and all(pieces <= variant.low_stock_at for variant, pieces in left.items())


def _page(fact: Facts) -> dict:
    return {
        "crumbs": _crumbs(fact),
        "options": fact.options,
        "photos": fact.photos,
        "attributes": fact.attributes,
        "stars": fact.stars,
        "questions": fact.questions,
    }


def _crumbs(fact: Facts) -> list[dict]:
    """From the root to the deepest branch that a visitor can reach."""
    by_path = {category.path: category for category in fact.categories}
    lines = [[by_path[path] for path in category.line if path in by_path] for category in fact.categories]
    open_lines = [line for line in lines if all(category.is_published for category in line)]
    deepest = max(open_lines, key=len, default=[])
    return [{"id": category.pk, "name": category.name, "slug": category.slug} for category in deepest]
