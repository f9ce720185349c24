"""Rows of recommended products, as pages show them: each with its reason, none that cannot be bought, one query a page."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, IntegerField, Q, QuerySet, Sum, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.finding.cards import card_of
from catalog.models import Product, ProductSearch, Profile, Related, Veto
from catalog.translating import config_of

ROW = 4
PICKED, TOGETHER, INSTEAD, SIMILAR, BESIDE = range(5)


@dataclass(frozen=True)
class Rows:
    """Cards. `goes_with` are picked by hand, then bought together; `similar` are alternatives picked by hand, then such as
    were worked out, and never repeat one of `goes_with`."""

    goes_with: list[dict[str, Any]]
    similar: list[dict[str, Any]]


def buyable() -> QuerySet[ProductSearch]:
    return ProductSearch.objects.filter(is_listed=True, in_stock=True).defer(
        "document", "page", "facets", "category_ids"
    )


# Written out: the same query put together from querysets costs a product's page more time than the database does.
BESIDE_PRODUCT = """
WITH near AS (
    SELECT other_id, CASE kind WHEN 'goes_with' THEN %(picked)s ELSE %(instead)s END AS source, position AS place, 0 AS support
    FROM catalog_related WHERE product_id = %(product)s
    UNION ALL
    SELECT other_id, CASE kind WHEN 'together' THEN %(together)s ELSE %(similar)s END, position, support
    FROM catalog_recommendation WHERE product_id = %(product)s
    UNION ALL
    (SELECT s.product_id, %(beside)s, row_number() OVER (), 0
     FROM (SELECT product_id FROM catalog_productsearch
           WHERE is_listed AND in_stock AND category_ids @> %(branch)s::bigint[] AND product_id <> %(product)s
             AND NOT EXISTS (SELECT FROM catalog_veto v WHERE v.product_id = catalog_productsearch.product_id
                             AND (v.other_id IS NULL OR v.other_id = %(product)s))
             AND NOT EXISTS (SELECT FROM catalog_veto v WHERE v.product_id = %(product)s
                             AND v.other_id = catalog_productsearch.product_id)
           ORDER BY in_stock DESC, sold DESC, (- position) DESC, product_id DESC LIMIT %(most)s) s))
SELECT s.product_id, s.name, s.currency, s.price_minor, s.price_max_minor, s.compare_at_minor, s.lowest_minor, s.price_lists,
       s.is_reduced, s.in_stock, s.rating, s.rating_count, s.published_at, s.card, near.source, near.place, near.support
FROM near JOIN catalog_productsearch s ON s.product_id = near.other_id
WHERE s.is_listed AND s.in_stock AND s.product_id <> %(product)s
"""


def rows_beside(product: Product, row: ProductSearch) -> Rows:
    """For a product's page. Where nothing was worked out yet, the neighbours in its branch are the similar ones."""
    asked = {
        "product": product.pk,
        "branch": [crumb["id"] for crumb in row.page["crumbs"][-1:]] or [0],
        "most": 2 * ROW,
        "picked": PICKED,
        "together": TOGETHER,
        "instead": INSTEAD,
        "similar": SIMILAR,
        "beside": BESIDE,
    }
    near = sorted(ProductSearch.objects.raw(BESIDE_PRODUCT, asked), key=_rank)
    goes_with = _first(near, {PICKED, TOGETHER}, ())
    similar = _first(near, {INSTEAD, SIMILAR, BESIDE}, [one.pk for one in goes_with])
    return Rows([_card(one) for one in goes_with], [card_of(one) for one in similar])


def goes_with_cart(products: Collection[int]) -> list[dict[str, Any]]:
    """What sellers picked to go with something in the cart, then what was bought together with it, most often first;
    nothing that is in the cart. One query."""
    if not products:
        return []
    asked = Q(product__recommended_for__product__in=products, product__recommended_for__kind="together")
    rows = buyable().exclude(product__in=products)
    support = Sum("product__recommended_for__support")
    together = _marked(rows.filter(asked), TOGETHER, Value(0, IntegerField()), support)
    picks = Related.objects.filter(product__in=products, kind=Related.Kind.GOES_WITH).values("other")
    picked = _marked(rows.filter(product__in=picks), PICKED, F("position"), Value(0, IntegerField()))
    found = picked.order_by("place", "pk")[:ROW].union(
        together.order_by("-support", "pk")[: 2 * ROW], all=True
    )
    near = sorted(found, key=lambda one: (*_rank(one), -one.support, one.pk))
    return [_card(one) for one in _first(near, {PICKED, TOGETHER}, ())]


def _marked(rows: QuerySet, source: int, place: Any, support: Any) -> QuerySet:
    return rows.annotate(source=Value(source, IntegerField()), place=place, support=support)


def _rank(one: Any) -> tuple[int, int]:
    return one.source, one.place


def _first(near: list[Any], sources: set[int], without: Collection[int]) -> list[Any]:
    found: dict[int, Any] = {}
    for one in near:
        if one.source in sources and one.pk not in without:
            found.setdefault(one.pk, one)
    return list(found.values())[:ROW]


def _card(one: Any) -> dict[str, Any]:
    return _with_reason(one, one.support) if one.source == TOGETHER else card_of(one)


def _with_reason(one: Any, orders: int) -> dict[str, Any]:
    reason = ngettext("Together in %(n)d order", "Together in %(n)d orders", orders) % {"n": orders}
    return card_of(one) | {"hint": reason}


@dataclass(frozen=True)
class Personal:
    """Cards for one visitor."""

    viewed: list[dict[str, Any]]
    for_you: list[dict[str, Any]]


def personal_rows(profile: Profile, *, here: int = 0) -> Personal:
    """What he looked at, newest first, and what goes with or is like it; `here` is the product on whose page he is.

    What he searched for fills up. Four queries at most.
    """
    looked = list(
        profile.looks.exclude(product=here).order_by("-looked_at").values_list("product_id", flat=True)[:12]
    )
    seen = {one.pk: one for one in buyable().filter(product__in=looked)}
    viewed = [card_of(seen[pk]) for pk in looked if pk in seen][:ROW]
    without = [*looked, here]
    cards = _because_looked(list(seen), {pk: one.name for pk, one in seen.items()}, without) if seen else []
    if len(cards) < ROW:
        cards += _because_searched(profile, [*without, *(card["id"] for card in cards)])[: ROW - len(cards)]
    return Personal(viewed, cards if len(cards) > 1 else [])


def _because_looked(products: list[int], names: dict[int, str], without: list[int]) -> list[dict[str, Any]]:
    way = "product__recommended_for__"
    rows = buyable().filter(**{f"{way}product__in": products}).exclude(product__in=[*without, *products])
    rows = rows.annotate(source=F(f"{way}product"), place=F(f"{way}position")).order_by("place", "pk")
    found: dict[int, Any] = {}
    for one in rows[: 6 * ROW]:
        found.setdefault(one.pk, one)
    return [
        card_of(one) | {"hint": _("Because you looked at %(name)s") % {"name": names[one.source]}}
        for one in list(found.values())[:ROW]
    ]


def _because_searched(profile: Profile, without: list[int]) -> list[dict[str, Any]]:
    last = profile.searches.order_by("-searched_at").values_list("words", flat=True).first()
    if not last:
        return []
    rows = buyable().filter(document=SearchQuery(last, config=config_of())).exclude(product__in=without)
    rows = rows.exclude(product__in=Veto.objects.filter(other=None).values("product")).order_by("-sold", "pk")
    reason = _("Because you searched for “%(words)s”") % {"words": last}
    return [card_of(one) | {"hint": reason} for one in rows[:ROW]]
