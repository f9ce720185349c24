"""Which categories and collections products are in, for rules that name some: asked for all at once."""

from collections.abc import Collection as Some
from collections.abc import Mapping

from django.db.models import IntegerField, Value

from catalog.finding.grouping import products_in
from catalog.models import Collection, ProductSearch


def categories_of(products: Some[int], *, among: frozenset[int]) -> Mapping[int, frozenset[int]]:
    """{product id: those of the categories `among` that it is in, branches above included}. One query."""
    found = ProductSearch.objects.filter(pk__in=products).values_list("pk", "category_ids")
    return {pk: among.intersection(ids) for pk, ids in found}


def collections_of(products: Some[int], *, among: frozenset[int]) -> Mapping[int, frozenset[int]]:
    """The same of collections, by hand or by rule, as they are now. Two queries."""
    parts = [
        products_in(one)
        .filter(pk__in=products)
        .order_by()
        .annotate(inside=Value(one.pk, output_field=IntegerField()))
        .values_list("pk", "inside")
        for one in Collection.objects.filter(pk__in=among, is_published=True)
    ]
    if not parts:
        return {}
    found: dict[int, set[int]] = {}
    for pk, inside in parts[0].union(*parts[1:]):
        found.setdefault(pk, set()).add(inside)
    return {pk: frozenset(ids) for pk, ids in found.items()}
