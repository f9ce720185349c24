"""Rows of recommended products, as pages show them: each with its reason, none that cannot be bought, one query a page."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.finding.cards import card_of
from catalog.finding.sorting import order_of
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


def rows_beside(product: Product, row: ProductSearch) -> Rows:
    """For a product's page. Where nothing was worked out yet, the neighbours in its branch are the similar ones."""
    rows = buyable().exclude(product=product)
    found = _picked(rows, product, Related.Kind.GOES_WITH, PICKED)
    parts = [_picked(rows, product, Related.Kind.INSTEAD, INSTEAD)]
    parts += [
        _worked_out(rows, product, kind, source)
        for kind, source in (("together", TOGETHER), ("similar", SIMILAR))
    ]
    if branch := [crumb["id"] for crumb in row.page["crumbs"][-1:]]:
        beside = rows.filter(category_ids__contains=branch).exclude(_vetoed(product))
        beside = _marked(beside, BESIDE, F("position"), Value(0, IntegerField()))
        parts.append(beside.order_by(*order_of("popular"))[: 2 * ROW])
    near: list[Any] = sorted(found.union(*parts, all=True), key=_rank)
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


def _picked(rows: QuerySet, product: Product, kind: str, source: int) -> QuerySet:
    picks = product.related.filter(kind=kind)
    place = Subquery(picks.filter(other=OuterRef("product_id")).values("position")[:1])
    found = rows.filter(product__in=picks.values("other"))
    return _marked(found, source, place, Value(0, IntegerField())).order_by("place")[:ROW]


def _worked_out(rows: QuerySet, product: Product, kind: str, source: int) -> QuerySet:
    way = "product__recommended_for__"
    found = rows.filter(**{f"{way}product": product, f"{way}kind": kind})
    return _marked(found, source, F(f"{way}position"), F(f"{way}support")).order_by("place")[: 2 * ROW]


def _marked(rows: QuerySet, source: int, place: Any, support: Any) -> QuerySet:
    return rows.annotate(source=Value(source, IntegerField()), place=place, support=support)


def _vetoed(product: Product) -> Q:
    """What no row of this product's page may show."""
    never = Veto.objects.filter(Q(other=None) | Q(other=product)).values("product")
    beside = Veto.objects.filter(product=product, other__isnull=False).values("other")
    return Q(product__in=never) | Q(product__in=beside)


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
