"""The lowest price of 30 days, with moved moments."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from catalog import publishing
from catalog.finding import refreshing
from catalog.models import PriceList, ProductSearch, PublicPrice, Variant
from catalog.prices import repricing
from catalog.prices.noting import note_prices
from catalog.prices.reducing import lowest_before, with_lowest_prices
from catalog.pricing import price_for
from catalog.tests.factories import make_group, make_price_list, make_product, make_variant
from shop.core import clock, integrity

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOW = clock.now()


def days_ago(n):
    return NOW - n * DAY


def past(*rows):
    return [(days_ago(n), minor, reduced) for n, minor, reduced in rows]


@pytest.mark.parametrize(
    ("rows", "minor", "lowest"),
    [
        ([(90, 3000, False), (5, 2400, True)], 2400, 3000),
        ([(90, 3000, False), (20, 2600, False), (10, 3000, False), (5, 2400, True)], 2400, 2600),
        # The price in force when the window opens counts, one that ended before it does not.
        ([(90, 2000, False), (36, 3000, False), (5, 2400, True)], 2400, 3000),
        ([(90, 2000, False), (34, 3000, False), (5, 2400, True)], 2400, 2000),
        # However long it lasts, the window is that before it began.
        ([(400, 3000, False), (200, 2400, True)], 2400, 3000),
        # A second cut looks back over the first; raised again, nothing is saved.
        ([(90, 3000, False), (10, 2600, True), (2, 2400, True)], 2400, 2600),
        ([(90, 3000, False), (10, 2400, True), (2, 2600, True)], 2600, 2400),
        # The former price was raised for show.
        ([(90, 2400, False), (1, 2400, True)], 2400, 2400),
        # A pause off sale does not begin a reduction anew.
        ([(90, 3000, False), (10, 2400, True), (8, None, False), (7, 2400, True)], 2400, 3000),
        ([(3, 2400, True)], 2400, None),
        ([], 2400, None),
    ],
)
def test_the_lowest_of_the_30_days_before_the_reduction_began(rows, minor, lowest):
    assert lowest_before(past(*rows), minor=minor, at=NOW) == lowest


CHANGES = st.lists(
    st.tuples(st.integers(1, 100), st.one_of(st.none(), st.integers(1, 9)), st.booleans()),
    unique_by=lambda row: row[0],
    max_size=12,
)


@given(CHANGES, st.integers(1, 9))
def test_it_is_that_of_a_naive_walk_over_the_days(rows, minor):
    """Day by day: which price was in force, and when did the last unbroken stretch of this reduced price begin?"""
    rows = sorted(rows, reverse=True)
    in_force, state = {}, (None, False)
    changes = {n: (amount, reduced) for n, amount, reduced in rows}
    for day in range(100, 0, -1):
        state = changes.get(day, state)
        in_force[day] = state
    began, day = 0, 1
    while day <= 100 and (in_force[day] == (minor, True) or in_force[day][0] is None):
        if in_force[day] == (minor, True):
            began = day
        day += 1
    window = [in_force[n][0] for n in range(began + 1, began + 31) if n in in_force]
    expected = min((amount for amount in window if amount is not None), default=None)
    assert lowest_before(past(*rows), minor=minor, at=NOW) == expected


# --- The history -------------------------------------------------------------------------------------------------


def history(variant):
    return list(PublicPrice.objects.filter(variant=variant).values_list("price_minor", "is_reduced", "at"))


def test_each_change_is_written_down_once():
    variant = make_variant(price_minor=3000)
    with clock.at(days_ago(50)):
        assert (note_prices([variant.pk]), note_prices([variant.pk])) == (1, 0)
    Variant.objects.update(price_minor=2500, compare_at_minor=3000)
    with clock.at(days_ago(4)):
        assert note_prices([variant.pk]) == 1
    assert history(variant) == [(3000, False, days_ago(50)), (2500, True, days_ago(4))]
    priced = with_lowest_prices({variant.pk: price_for(variant_now(variant))}, at=NOW)[variant.pk]
    assert priced.lowest.minor == 3000 and priced.saving_percent == 16


def variant_now(variant):
    return Variant.objects.get(pk=variant.pk)


def test_prices_of_groups_are_no_public_prices():
    variant = make_variant(price_minor=3000)
    make_price_list(group=make_group(), prices={variant: 1000})
    note_prices([variant.pk])
    assert [row[:2] for row in history(variant)] == [(3000, False)]


def test_what_is_not_on_sale_has_no_public_price():
    variant = make_variant(product=make_product(published=False), price_minor=9900)
    assert note_prices([variant.pk]) == 0
    publishing.publish(variant.product)
    refreshing.refresh([variant.product_id])
    publishing.unpublish(variant.product)
    refreshing.refresh([variant.product_id])
    assert [row[:2] for row in history(variant)] == [(9900, False), (None, False)]


def test_the_history_cannot_be_changed_and_outlives_its_variant():
    variant = make_variant()
    note_prices([variant.pk])
    for change in ("UPDATE catalog_publicprice SET price_minor = 1", "DELETE FROM catalog_publicprice"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    gone = variant.pk
    variant.delete()
    assert PublicPrice.objects.filter(variant_id=gone).exists()


# --- Sales that start and end ------------------------------------------------------------------------------------


def on_sale(variant, **over):
    return make_price_list(is_sale=True, prices={variant: 2400}, **over)


def test_a_start_reaches_lists_and_is_written_down_at_its_true_moment():
    variant = make_variant(price_minor=3000, stock=3)
    with clock.at(days_ago(40)):
        refreshing.refresh([variant.product_id])
    sale = on_sale(variant, starts_at=days_ago(2), ends_at=NOW + 5 * DAY)
    assert repricing.turn_lists() == 1
    row = ProductSearch.objects.get()
    assert (row.price_minor, row.compare_at_minor, row.lowest_minor) == (2400, 3000, 3000)
    assert row.is_reduced and row.price_lists == [sale.pk] and "offer:reduced" in row.facets
    assert history(variant)[-1] == (2400, True, days_ago(2))
    assert repricing.turn_lists() == 0


def test_an_end_that_was_missed_with_its_start_is_written_down_too():
    variant = make_variant(price_minor=3000)
    with clock.at(days_ago(40)):
        refreshing.refresh([variant.product_id])
    on_sale(variant, starts_at=days_ago(9), ends_at=days_ago(3))
    repricing.turn_lists()
    assert [row[:2] for row in history(variant)] == [(3000, False), (2400, True), (3000, False)]
    assert [row[2] for row in history(variant)][1:] == [days_ago(9), days_ago(3)]
    assert ProductSearch.objects.get().price_minor == 3000


def test_a_list_out_of_use_gives_its_products_back():
    variant = make_variant(price_minor=3000)
    sale = on_sale(variant)
    refreshing.refresh([variant.product_id])
    assert ProductSearch.objects.get().price_minor == 2400
    sale.prices.all().delete()
    repricing.refresh_reach(sale.pk)
    row = ProductSearch.objects.get()
    assert (row.price_minor, row.price_lists) == (3000, [])


def test_the_checks_see_lists_and_histories_that_are_behind():
    variant = make_variant(price_minor=3000)
    refreshing.refresh([variant.product_id])
    assert not any(integrity.run(["C04", "C05"]).values())
    on_sale(variant)
    found = integrity.run(["C04", "C05"])
    assert len(found["C04-search-prices"]) == len(found["C05-price-history"]) == 1
    PriceList.objects.update(starts_at=NOW - DAY)  # about to be turned: no false alarm
    assert not any(integrity.run(["C04", "C05"]).values())
    repricing.turn_lists()
    assert not any(integrity.run(["C04", "C05"]).values())
