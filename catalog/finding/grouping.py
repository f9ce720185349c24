"""What is in a collection now: the products picked by hand, in that order, or all that fit its rule.

A rule speaks the words of list filters and is asked of search rows each time, so it is as live as they are. Its parts:
category (id, with all branches below), tokens (["colour:Blue", …]: any value of a group, all groups), price_min and
price_max (minor units), reduced, in_stock, rating (3 or 4 stars), new_days, brand.
"""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from catalog.finding.sorting import order_of
from catalog.models import Collection, CollectionItem, ProductSearch


def products_in(collection: Collection) -> QuerySet[ProductSearch]:
    """Listed products, not sorted yet."""
    listed = ProductSearch.objects.filter(is_listed=True)
    if collection.kind == Collection.Kind.RULE:
        return by_rule(listed, collection.rule)
    return listed.filter(product__collection_items__collection=collection)


def own_order(collection: Collection) -> list | None:
    """Of what is picked by hand; None: the usual one."""
    if collection.kind == Collection.Kind.RULE:
        return None
    place = CollectionItem.objects.filter(collection=collection, product=OuterRef("pk")).values("position")[
        :1
    ]
    return [F("in_stock").desc(), Subquery(place).asc(), F("pk").asc()]


def by_rule(listed: QuerySet[ProductSearch], rule: dict[str, Any]) -> QuerySet[ProductSearch]:
    """Nothing for a rule that says nothing."""
    if not rule:
        return listed.none()
    if "category" in rule:
        listed = listed.filter(category_ids__contains=[rule["category"]])
    for values in _groups(rule).values():
        listed = listed.filter(facets__overlap=values)
    if "price_min" in rule:
        listed = listed.filter(price_minor__gte=rule["price_min"])
    if "price_max" in rule:
        listed = listed.filter(price_minor__lte=rule["price_max"])
    if "new_days" in rule:
        listed = listed.filter(published_at__gte=timezone.now() - timedelta(days=rule["new_days"]))
    if "brand" in rule:
        listed = listed.filter(product__brand__iexact=rule["brand"])
    return listed


def preview(collection: Collection, *, size: int = 12) -> tuple[list[ProductSearch], int]:
    """What a seller sees of it: the first few, and how many there are."""
    rows = products_in(collection)
    order = own_order(collection) or order_of("popular")
    return list(rows.defer("document", "page").order_by(*order)[:size]), rows.count()


def _groups(rule: dict[str, Any]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for token in rule.get("tokens", []):
        groups[token.partition(":")[0]].append(token)
    for name, token in (("reduced", "offer:reduced"), ("in_stock", "availability:in-stock")):
        if rule.get(name):
            groups[name].append(token)
    if "rating" in rule:
        groups["rating"].append(f"rating:{rule['rating']}")
    return groups
