from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from catalog.finding import refreshing
from catalog.finding.listing import list_products
from catalog.finding.paging import page_links
from catalog.models import Product, ProductSearch, Review
from catalog.tests.factories import make_choices, make_product, make_variant
from catalog.wishes import Wishes

# --- What the visitor wishes ---------------------------------------------------------------------------------


def wishes(query) -> Wishes:
    return Wishes.of(QueryDict(query))


def test_reads_filters_prices_sorting_and_page_and_writes_them_again():
    asked = wishes("f-size=A4&f-size=A3&f-colour=Blue&min=10&max=25,50&sort=price&page=3&utm_source=x")
    assert asked.chosen == {"size": ("A4", "A3"), "colour": ("Blue",)}
    assert (asked.price_min, asked.price_max) == (Decimal(10), Decimal("25.5"))
    assert asked.url(page=2) == "?f-size=A4&f-size=A3&f-colour=Blue&min=10&max=25.5&sort=price&page=2"
    assert asked.url(without=("size", "A4"), price=False) == "?f-size=A3&f-colour=Blue&sort=price"
    assert asked.clear_url() == "?sort=price"


def test_swaps_prices_that_stand_the_wrong_way_round():
    asked = wishes("min=50&max=10")
    assert (asked.price_min, asked.price_max) == (10, 50)


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_never_stumbles_over_what_somebody_typed(name, value, number):
    params = QueryDict(mutable=True)
    params.setlist(f"f-{name}", [value, value])
    for field in ("min", "max", "page", "sort"):
        params[field] = number
    asked = Wishes.of(params)
    assert asked.page >= 1 and "\0" not in asked.url()
    assert asked.price_min is None or 0 <= asked.price_min < 10**9
    assert Wishes.of(QueryDict(asked.url().removeprefix("?"))).price_min == asked.price_min


@pytest.mark.parametrize(
    ("page", "last", "shown"),
    [
        (1, 1, []),
        (1, 2, [1, 2]),
        (1, 9, [1, 2, None, 9]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (3, 9, [1, 2, 3, 4, None, 9]),
        (9, 9, [1, None, 8, 9]),
        (2, 4, [1, 2, 3, 4]),
    ],
)
def test_pages_around_the_present_one_are_named(page, last, shown):
    links = page_links(page, last, wishes("").url)
    assert [link["number"] for link in links] == shown
    assert [link["number"] for link in links if link.get("current")] == ([page] if shown else [])


# --- What the list shows -------------------------------------------------------------------------------------


@pytest.fixture
def shelf(db):
    """name: (price, size, pieces, sold, stars, days since publication, former price)"""
    rows = {
        "Alpha": (1000, "A4", 5, 9, 3, 5, None),
        "Beta": (2000, "A3", 5, 1, 5, 9, 2500),
        "Gamma": (3000, "A4", 0, 99, None, 1, None),
        "Delta": (4000, "A3", 5, 5, 4, 2, None),
    }
    for name, (price, size, pieces, _sold, stars, days, was) in rows.items():
        product = make_product(name, published_at=timezone.now() - timedelta(days=days))
        make_choices(
            make_variant(product=product, price_minor=price, stock=pieces, compare_at_minor=was), Size=size
        )
        if stars:
            Review.objects.create(product=product, stars=stars, status="published", author="Ada")
    refreshing.refresh(Product.objects.values_list("pk", flat=True))
    for name, row in rows.items():
        ProductSearch.objects.filter(name=name).update(sold=row[3], lowest_minor=row[6])


def listed(query="", **options):
    return list_products(
        ProductSearch.objects.filter(is_listed=True), wishes(query), currency="EUR", **options
    )


def names(query=""):
    return [card["name"] for card in listed(query).cards]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ["Alpha", "Delta", "Beta", "Gamma"]),
        ("newest", ["Delta", "Alpha", "Beta", "Gamma"]),
        ("price", ["Alpha", "Beta", "Delta", "Gamma"]),
        ("-price", ["Delta", "Beta", "Alpha", "Gamma"]),
        ("rating", ["Beta", "Delta", "Alpha", "Gamma"]),
        ("nonsense", ["Alpha", "Delta", "Beta", "Gamma"]),
    ],
)
def test_sorts_and_always_shows_what_is_sold_out_last(shelf, sort, order):
    assert names(f"sort={sort}") == order


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("f-size=A4", {"Alpha", "Gamma"}),
        ("f-size=A4&f-size=A3", {"Alpha", "Beta", "Gamma", "Delta"}),
        ("f-size=A4&f-availability=in-stock", {"Alpha"}),
        ("f-offer=reduced", {"Beta"}),
        ("f-rating=4", {"Beta", "Delta"}),
        ("min=20&max=30", {"Beta", "Gamma"}),
        ("min=30.01", {"Delta"}),
        ("f-size=A5", set()),
        ("f-unknown=x", set()),
    ],
)
def test_filters_one_or_the_other_within_a_group_all_between_groups(shelf, query, found):
    assert set(names(query)) == found


def test_counts_what_each_value_would_leave_with_its_own_group_left_out(shelf):
    facets = {facet["name"]: facet for facet in listed("f-size=A4&f-availability=in-stock").facets}
    sizes = {value["value"]: (value["count"], value["checked"]) for value in facets["f-size"]["values"]}
    assert sizes == {"A4": (1, True), "A3": (2, False)}
    assert [v["count"] for v in facets["f-availability"]["values"]] == [1]


def test_filtering_neither_moves_nor_hides_a_value(shelf):
    def sizes(query):
        facet = next(facet for facet in listed(query).facets if facet["name"] == "f-size")
        return {value["value"]: value["count"] for value in facet["values"]}

    assert list(sizes("").items()) == [("A3", 2), ("A4", 2)]
    assert list(sizes("max=10").items()) == [("A3", 0), ("A4", 1)]


def test_names_every_filter_with_the_way_to_take_it_away(shelf):
    shown = listed("f-size=A4&max=20&sort=price")
    assert [(chip["label"], chip["url"]) for chip in shown.chips] == [
        ("A4", "?max=20&sort=price"),
        ("up to €20.00", "?f-size=A4&sort=price"),
    ]
    assert shown.clear_url == "?sort=price" and shown.total == 1 and shown.everything == 4


def test_a_card_shows_one_badge_the_most_important(shelf):
    badges = {card["name"]: card["badge"]["label"] for card in listed().cards}
    assert badges == {"Alpha": "Few left", "Beta": "−20 %", "Gamma": "Sold out", "Delta": "Few left"}


def test_the_sorting_that_is_chosen_is_marked(shelf):
    sorts = listed("sort=-price", first_sort="Best match").sorts
    assert [(option["label"], option["checked"]) for option in sorts][:2] == [
        ("Best match", False),
        ("Most popular", False),
    ]
    assert [option["value"] for option in sorts if option["checked"]] == ["-price"]


def test_an_empty_list_is_a_list(db):
    shown = listed("f-size=A4&page=7")
    assert shown.cards == [] and shown.page == 1 and shown.pages == [] and shown.text == "0 products"


# --- Lists too long to count ---------------------------------------------------------------------------------


@pytest.fixture
def long_list(db, monkeypatch):
    """130 products of which 10 are counted and two pages of five numbered."""
    monkeypatch.setattr("catalog.finding.counting.MOST", 10)
    monkeypatch.setattr("catalog.finding.paging.PER_PAGE", 5)
    monkeypatch.setattr("catalog.finding.paging.NUMBERED", 2)
    made = [Product(name=f"P {n}", slug=f"p-{n}", position=n) for n in range(130)]
    ProductSearch.objects.bulk_create(
        ProductSearch(
            product=product,
            is_listed=True,
            name=product.name,
            position=product.position % 7,
            price_minor=100 + product.position % 11,
            sold=product.position % 3,
            in_stock=product.position % 2,
            rating=None if product.position % 5 else Decimal("4.50"),
            published_at=timezone.now() - timedelta(days=product.position % 13),
            card={
                "slug": product.slug,
                "kind": "",
                "photo": None,
                "choices": [],
                "swatches": [],
                "is_low": False,
            },
        )
        for product in Product.objects.bulk_create(made)
    )


@pytest.mark.parametrize("sort", ["", "newest", "price", "-price", "rating"])
def test_every_product_is_met_once_going_on_and_once_going_back(long_list, sort):
    met, urls, url = [], [], f"sort={sort}"
    while url:
        shown = listed(url)
        met += [card["name"] for card in shown.cards]
        urls.append(url)
        assert len(shown.cards) == 5 and len(urls) <= 26
        url = shown.next.removeprefix("?")
    assert len(met) == len(set(met)) == 130
    back = []
    while shown.previous:
        back = [card["name"] for card in shown.cards] + back
        shown = listed(shown.previous.removeprefix("?"))
    assert [card["name"] for card in shown.cards] + back == met


def test_the_hundredth_page_compares_instead_of_skipping(long_list):
    deep = "page=9&after=1~2~1~0"
    with CaptureQueriesContext(connection) as queries:
        assert listed(deep).page == 9
    rows = queries[-1]["sql"]
    assert "OFFSET" not in rows and "ROW(" in rows


@pytest.mark.parametrize(
    "key", ["", "after=", "after=x", "after=1~2", "after=a~b~c~d", f"after=1~{10**30}~1~1", "before=1~~~"]
)
def test_a_page_beyond_the_numbered_ones_without_a_sensible_key_is_the_last_numbered(long_list, key):
    shown = listed(f"page=99&{key}")
    assert shown.page == 2 and len(shown.cards) == 5


def test_a_long_list_says_so_and_names_no_last_page(long_list):
    shown = listed("page=2")
    assert shown.text == "10+ products" and shown.page_text == "6 to 10 of 10+ products"
    assert [link["number"] for link in shown.pages] == [1, 2] and "after=" in shown.next
    deep = listed(shown.next.removeprefix("?"))
    assert [link["number"] for link in deep.pages] == [1, 2, None, 3] and not deep.is_for_robots


@pytest.mark.django_db
def test_brands_are_a_filter_where_there_are_several():
    for n, brand in enumerate(["Nord", "Nord", "Süd", ""]):
        product = make_product(f"Lamp {n}", brand=brand)
        make_variant(product=product, stock=1)
        refreshing.refresh([product.pk])
    everything = ProductSearch.objects.filter(is_listed=True)

    def groups(rows, query=""):
        listing = list_products(rows, wishes(query), currency="EUR")
        found = {group["name"]: group for group in listing.facets}
        return listing, found.get("f-brand")

    brands = groups(everything)[1]
    assert [(row["label"], row["count"]) for row in brands["values"]] == [("Nord", 2), ("Süd", 1)]
    assert groups(everything, "f-brand=Nord")[0].total == 2
    assert groups(everything.filter(product__brand="Nord"))[1] is None
