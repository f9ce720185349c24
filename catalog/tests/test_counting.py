"""The numbers beside filters, held against a model that counts in plain Python; and the cap on the work behind them."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.finding import counting
from catalog.models import Product, ProductSearch

pytestmark = pytest.mark.django_db

TOKENS = ["size:A4", "size:A3", "size:A2", "colour:Blue", "colour:Red", "frame:Oak", "availability:in-stock"]
PRODUCTS = st.lists(
    st.tuples(st.lists(st.sampled_from(TOKENS), unique=True), st.integers(1, 9)), min_size=0, max_size=30
)
CHOSEN = st.dictionaries(
    st.sampled_from(["size", "colour", "frame", "availability", "unknown"]),
    st.lists(
        st.sampled_from(["A4", "A3", "Blue", "Red", "Oak", "in-stock"]), min_size=1, max_size=3, unique=True
    ),
    max_size=4,
)
PRICES = st.one_of(st.none(), st.integers(0, 10))


def fill(products) -> None:
    Product.objects.all().delete()
    made = Product.objects.bulk_create([Product(name=f"P {n}", slug=f"p-{n}") for n in range(len(products))])
    ProductSearch.objects.bulk_create(
        [
            ProductSearch(
                product=product, is_listed=True, name=product.name, facets=facets, price_minor=price
            )
            for product, (facets, price) in zip(made, products, strict=True)
        ]
    )


def fits(facets, price, chosen, low, high, *, but=None) -> bool:
    groups = {group: values for group, values in chosen.items() if group != but}
    every = all(any(f"{group}:{value}" in facets for value in values) for group, values in groups.items())
    return every and (low is None or price >= low) and (high is None or price <= high)


def naive(products, chosen, low, high) -> tuple[int, int, dict[str, tuple[int, int]]]:
    """(before filters, after them, {token: (it would leave, have it)}), counted product by product."""
    usual = Counter(token for facets, _price in products for token in facets)
    now = {
        token: sum(
            token in facets and fits(facets, price, chosen, low, high, but=token.split(":")[0])
            for facets, price in products
        )
        for token in usual
    }
    total = sum(fits(facets, price, chosen, low, high) for facets, price in products)
    return len(products), total, {token: (now[token], usual[token]) for token in usual}


def counted(chosen, low=None, high=None) -> counting.Counts:
    chosen = {group: tuple(values) for group, values in chosen.items()}
    return counting.count(ProductSearch.objects.filter(is_listed=True), chosen, low=low, high=high)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(products=PRODUCTS, chosen=CHOSEN, low=PRICES, high=PRICES)
def test_every_number_is_that_of_a_naive_count(products, chosen, low, high):
    fill(products)
    found = counted(chosen, low, high)
    tokens = {token: (tally.now, tally.usual) for token, tally in found.tokens.items()}
    assert (found.everything, found.total, tokens) == naive(products, chosen, low, high)
    assert not any(tally.is_least for tally in found.tokens.values())
    prices = [price for _facets, price in products]
    assert (found.price_min, found.price_max) == (min(prices, default=0), max(prices, default=0))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(products=PRODUCTS, chosen=CHOSEN, low=PRICES, most=st.integers(1, 12))
def test_beyond_the_cap_numbers_are_lower_bounds_and_say_so(products, chosen, low, most):
    fill(products)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "MOST", most)
        found = counted(chosen, low)
        is_cut = found.is_cut
    everything, total, tokens = naive(products, chosen, low, None)
    assert found.everything == min(everything, most + 1) and found.total == min(total, most + 1)
    assert is_cut == (total > most)
    for token, tally in found.tokens.items():
        real, _usual = tokens[token]
        assert tally.now <= real if tally.is_least else tally.now == real


def test_no_set_reads_more_rows_than_the_cap_however_many_hits_there_are(monkeypatch):
    monkeypatch.setattr(counting, "MOST", 20)
    fill([(["size:A4", "colour:Blue"], 5)] * 400)
    with CaptureQueriesContext(connection) as queries:
        assert counted({"size": ["A4"], "colour": ["Blue"]}).total == 21
    (query,) = queries
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query['sql']}")
        plan = cursor.fetchone()[0][0]["Plan"]
    scans = [node for node in nodes(plan) if node.get("Relation Name") == "catalog_productsearch"]
    assert scans and all(node["Actual Rows"] * node["Actual Loops"] <= 21 for node in scans)


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)
