"""Keeps the search row of a product in step with everything it is made of.

A row is written whole, from what is true at that moment, under a lock taken first: of two workers the later one reads
later. So it does not matter how often, in which order or at what moment a refresh is asked for. The history of public
prices is brought up to date first, so that whatever changed a price, it is written down.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from catalog.finding.facets import tokens_of
from catalog.finding.gathering import Facts, gather
from catalog.models import Product, SearchTerm, Variant
from catalog.prices.noting import note_prices
from catalog.translating import GAPS, column_of, config_of, names_of, texts_in, words_in
from shop.core import keeping
from shop.core.models.wording import other_languages

BATCH = 500
LOCK = 7301  # of the advisory locks that stand for products' rows
COLUMNS = {
    "product_id": "bigint",
    "is_listed": "boolean",
    "name": "text",
    "category_ids": "bigint[]",
    "facets": "text[]",
    "currency": "text",
    "price_minor": "bigint",
    "price_max_minor": "bigint",
    "compare_at_minor": "bigint",
    "lowest_minor": "bigint",
    "price_lists": "bigint[]",
    "is_reduced": "boolean",
    "in_stock": "boolean",
    "rating": "numeric",
    "rating_count": "int",
    "sold": "int",
    "position": "int",
    "published_at": "timestamptz",
    "card": "jsonb",
    "page": "jsonb",
}
WEIGHTED = {"title": "A", "families": "B", "properties": "C", "description": "D"}
SPOKEN = [settings.LANGUAGE_CODE, *other_languages()]
DOCUMENTS = [
    f"setweight(to_tsvector('{config}', '{GAPS[config]} ' || {column_of(part, language)}), '{weight}')"
    for language, config in ((one, config_of(one)) for one in SPOKEN)
    for part, weight in WEIGHTED.items()
]
TEXTS = ["codes", *(column_of(part, language) for language in SPOKEN for part in WEIGHTED)]
NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
WRITE = f"""
INSERT INTO catalog_productsearch ({NAMES}, document, refreshed_at)
SELECT {NAMES}, setweight(to_tsvector('simple', codes), 'A') || {" || ".join(DOCUMENTS)}, now()
FROM jsonb_to_recordset(%s::jsonb)
    AS given({", ".join(f'"{name}" {kind}' for name, kind in (COLUMNS | dict.fromkeys(TEXTS, "text")).items())})
ON CONFLICT (product_id) DO UPDATE SET refreshed_at = excluded.refreshed_at, document = excluded.document,
    {", ".join(f'"{name}" = excluded."{name}"' for name in COLUMNS if name != "product_id")}
"""  # noqa: S608 - names of our own columns
REMEMBER = "INSERT INTO catalog_searchterm (word) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING"


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


def forget_words() -> None:
    """Before all rows are written anew: words of products that are gone correct nobody's spelling any more."""
    SearchTerm.objects.all().delete()


@transaction.atomic
def _refresh(ids: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s::int[]) AS id", [LOCK, ids])
        note_prices(Variant.objects.filter(product__in=ids).values_list("pk", flat=True))
        facts = gather(ids)
        cursor.execute(WRITE, [json.dumps([row_of(fact) for fact in facts], default=str)])
        words = sorted(set().union(*(terms_of(fact) for fact in facts)))
        cursor.execute(REMEMBER, [words])
    keeping.forget("lists", *(f"product:{fact.product.slug}" for fact in facts))
    return len(facts)


def row_of(fact: Facts) -> dict[str, Any]:
    """The columns of its row, and the `texts` that it is found by."""
    product, variants = fact.product, fact.variants
    votes = sum(fact.stars.values())
    return (
        _texts(fact)
        | _prices(fact)
        | {
            "product_id": product.pk,
            "is_listed": product.status == Product.Status.ACTIVE and bool(variants),
            "name": product.name,
            "category_ids": [category.pk for category in fact.categories],
            "facets": tokens_of(fact),
            "in_stock": any(pieces > 0 for pieces in fact.available.values()),
            "rating": _average(fact.stars) if votes else None,
            "rating_count": votes,
            "sold": fact.sold,
            "position": product.position,
            "published_at": product.published_at and product.published_at.isoformat(),
            "card": _card(fact),
            "page": _page(fact),
        }
    )


def _prices(fact: Facts) -> dict[str, Any]:
    """Of the cheapest variant; `price_lists` of all."""
    prices = [fact.prices[variant.pk] for variant in fact.variants]
    cheapest = prices[0] if prices else None
    was, lowest = (cheapest.compare_at, cheapest.lowest) if cheapest else (None, None)
    return {
        "currency": cheapest.amount.currency if cheapest else "EUR",
        "price_minor": cheapest.amount.minor if cheapest else 0,
        "price_max_minor": prices[-1].amount.minor if cheapest else 0,
        "compare_at_minor": was and was.minor,
        "lowest_minor": lowest and lowest.minor,
        "price_lists": sorted({price.list_id for price in prices if price.list_id}),
        "is_reduced": any(price.compare_at for price in prices),
    }


def terms_of(fact: Facts) -> set[str]:
    """The words that a misspelt one may be corrected to: of all languages."""
    return set().union(*(words_of(words_in(fact, language)) for language in SPOKEN))


def words_of(text: str) -> set[str]:
    """Its words of three letters or more, small and without accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return {word[:60] for word in re.findall(r"[a-z]{3,}", plain)}


def code_of(text: str) -> str:
    """A SKU or EAN as one word of the index: letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _texts(fact: Facts) -> dict[str, str]:
    """The codes, and in each language by weight: name, families, properties, description."""
    codes = " ".join(code_of(code) for v in fact.variants for code in (v.sku, v.ean13) if code)
    found = {"codes": codes}
    for language in SPOKEN:
        for part, text in texts_in(fact, language).items():
            found[column_of(part, language)] = text
    return found


def _average(stars: dict[int, int]) -> Decimal:
    total = sum(value * number for value, number in stars.items())
    return (Decimal(total) / sum(stars.values())).quantize(Decimal("0.01"))


def _card(fact: Facts) -> dict:
    swatches = [value for option in fact.options for value in option["values"] if value["color"]]
    return {
        "slug": fact.product.slug,
        "names": names_of(fact.product),
        "kind": _crumbs(fact)[-1]["name"] if _crumbs(fact) else "",
        "kinds": _crumbs(fact)[-1]["names"] if _crumbs(fact) else {},
        "photo": fact.photos[0] if fact.photos else None,
        "choices": [[option["name"], len(option["values"])] for option in fact.options],
        "swatches": [{"name": value["name"], "colour": value["color"]} for value in swatches],
        "is_low": _is_low(fact),
        "ships_by": _ships_by(fact),
        "content": _content(fact),
    }


def _ships_by(fact: Facts) -> str:
    """The first day on which something of it ships, where nothing of it is there yet; as 2026-12-12."""
    can_be_had = {pk for pk, pieces in fact.available.items() if pieces > 0}
    is_preorder = bool(can_be_had) and can_be_had <= fact.preorders.keys()
    return min(fact.preorders.values()).isoformat() if is_preorder else ""


def _content(fact: Facts) -> list[str]:
    """What the price on the card buys, for the price per unit: amount and unit of the cheapest variant."""
    cheapest = fact.variants[0] if fact.variants else None
    if cheapest is None or cheapest.content_amount is None:
        return []
    return [str(cheapest.content_amount), cheapest.content_unit]


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
        "documents": fact.documents,
        "seller": _seller(fact),
        "lowest": {
            str(pk): [price.amount.minor, price.lowest.minor]
            for pk, price in fact.prices.items()
            if price.lowest
        },
    }


def _seller(fact: Facts) -> dict[str, str] | None:
    """Who sells it, where it is not the shop itself."""
    seller = fact.product.seller
    return {"name": seller.name, "slug": seller.slug} if seller else None


def _crumbs(fact: Facts) -> list[dict]:
    """From the root to the deepest branch that a visitor can reach."""
    by_path = {category.path: category for category in fact.categories}
    lines = [[by_path[path] for path in category.line if path in by_path] for category in fact.categories]
    open_lines = [line for line in lines if all(category.is_published for category in line)]
    deepest = max(open_lines, key=len, default=[])
    return [
        {"id": category.pk, "name": category.name, "names": names_of(category), "slug": category.slug}
        for category in deepest
    ]
