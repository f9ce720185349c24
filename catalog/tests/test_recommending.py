"""What goes with what: counted right, shown with its reason, never what a seller forbade, in one query."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import recommending
from catalog.finding import refreshing
from catalog.models import Photo, Product, Recommendation, Sale, Veto
from catalog.recommendations.suggesting import goes_with_cart, rows_beside
from catalog.tests.factories import make_category, make_product, make_variant

pytestmark = pytest.mark.django_db


def shelf(*names, category=None, **over):
    made = []
    for position, name in enumerate(names):
        product = make_product(name, categories=[category] if category else [], position=position)
        make_variant(product=product, **({"stock": 5} | over))
        made.append(product)
    refreshing.refresh(product.pk for product in made)
    return made


def sold(*baskets):
    for number, basket in enumerate(baskets, start=Sale.objects.count() + 1):
        recommending.note_sale(f"order:{number}", [product.pk for product in basket])


def rows_of(product):
    return rows_beside(product, Product.objects.select_related("search").get(pk=product.pk).search)


def names(cards):
    return [str(card["name"]) for card in cards]


def test_what_two_orders_had_in_common_goes_together_in_both_directions():
    pot, cup, tea, vase = shelf("Pot", "Cup", "Tea", "Vase")
    sold([pot, cup], [pot, cup, tea], [pot, tea], [vase, pot])
    recommending.recommend()
    found = dict(
        Recommendation.objects.filter(kind="together", product=pot).values_list("other__name", "support")
    )
    assert found == {"Cup": 2, "Tea": 2}  # the vase: only once
    assert Recommendation.objects.filter(kind="together", product=cup, other=pot).exists()


def test_what_everybody_buys_weighs_less():
    pot, cup, bag = shelf("Pot", "Cup", "Bag")
    sold([pot, cup], [pot, cup], [pot, bag], [pot, bag], *([[bag]] * 20))
    recommending.recommend()
    rows = Recommendation.objects.filter(kind="together", product=pot).order_by("position")
    assert [row.other.name for row in rows] == ["Cup", "Bag"]


def test_an_order_told_twice_counts_once_and_a_cancelled_one_not_at_all():
    pot, cup = shelf("Pot", "Cup")
    sold([pot, cup])
    recommending.note_sale("order:1", [pot.pk, cup.pk, None])
    recommending.note_sale("order:2", [pot.pk, cup.pk])
    recommending.forget_sale("order:2")
    recommending.recommend()
    assert not Recommendation.objects.filter(kind="together").exists() and Sale.objects.count() == 2


def test_a_wholesale_order_says_nothing():
    many = shelf(*(f"Print {n}" for n in range(31)))
    sold(many, many)
    recommending.recommend()
    assert not Recommendation.objects.filter(kind="together").exists()


def test_similar_are_those_of_the_branch_with_the_nearest_price_first():
    prints, pots = make_category("Prints"), make_category("Pots")
    (first,) = shelf("Aaa", category=prints, price_minor=2000)
    shelf("Bbb", category=prints, price_minor=9000)
    shelf("Ccc", category=prints, price_minor=2100)
    shelf("Ddd", category=pots, price_minor=2000)
    recommending.recommend()
    rows = Recommendation.objects.filter(kind="similar", product=first).order_by("position")
    assert [row.other.name for row in rows] == ["Ccc", "Bbb"]


def test_the_page_shows_picked_then_bought_together_with_the_reason_and_similar_below(client):
    prints = make_category("Prints")
    pot, cup, tea, _vase = shelf("Pot", "Cup", "Tea", "Vase", category=prints)
    pot.related.create(other=tea, position=0)
    sold([pot, cup], [pot, cup])
    recommending.recommend()
    rows = rows_of(pot)
    assert names(rows.goes_with) == ["Tea", "Cup"] and names(rows.similar) == ["Vase"]
    assert rows.goes_with[1]["hint"] == "Together in 2 orders"
    page = client.get("/products/pot/").text
    assert page.index("Goes with it") < page.index("Together in 2 orders") < page.index(">Similar<")


def test_what_cannot_be_bought_is_left_out_when_read():
    pot, cup, tea = shelf("Pot", "Cup", "Tea")
    sold([pot, cup, tea], [pot, cup, tea])
    recommending.recommend()
    cup.variants.get().stock_items.update(on_hand=0)
    Product.objects.filter(pk=tea.pk).update(status="retired")
    refreshing.refresh([cup.pk, tea.pk])
    assert rows_of(pot).goes_with == [] and goes_with_cart([pot.pk]) == []


def test_before_the_first_night_the_neighbours_are_similar():
    pot, _cup = shelf("Pot", "Cup", category=make_category("Kitchen"))
    assert names(rows_of(pot).similar) == ["Cup"]


def test_a_veto_holds_at_once_in_both_directions_and_the_next_night_too():
    pot, cup, tea = shelf("Pot", "Cup", "Tea", category=make_category("Kitchen"))
    sold([pot, cup, tea], [pot, cup, tea])
    recommending.recommend()
    recommending.veto(pot, other=cup)
    recommending.veto(pot, other=cup)  # said twice
    for _night in range(2):
        assert "Cup" not in names(rows_of(pot).goes_with) + names(rows_of(pot).similar)
        assert "Pot" not in names(rows_of(cup).goes_with) + names(rows_of(cup).similar)
        assert names(rows_of(tea).goes_with) == ["Pot", "Cup"]
        recommending.recommend()
    assert Veto.objects.count() == 1


def test_a_product_that_is_vetoed_whole_is_never_shown_and_comes_back_when_that_is_taken_back():
    pot, cup, _tea = shelf("Pot", "Cup", "Tea", category=make_category("Kitchen"))
    sold([pot, cup], [pot, cup])
    recommending.recommend()
    veto = recommending.veto(cup)
    recommending.recommend()
    assert names(rows_of(pot).goes_with) == [] and names(rows_of(pot).similar) == ["Tea"]
    assert goes_with_cart([pot.pk]) == []
    veto.delete()
    recommending.recommend()
    assert names(rows_of(pot).goes_with) == ["Cup"]


def test_the_cart_is_shown_what_most_often_went_with_it_and_not_what_is_in_it(django_assert_num_queries):
    pot, cup, tea, bag = shelf("Pot", "Cup", "Tea", "Bag")
    sold([pot, cup, bag], [pot, cup, bag], [pot, bag], [cup, tea], [cup, tea])
    recommending.recommend()
    with django_assert_num_queries(1):
        cards = goes_with_cart([pot.pk, cup.pk])
    assert names(cards) == ["Bag", "Tea"] and cards[0]["hint"] == "Together in 5 orders"


def test_rows_cost_one_query_however_many_there_are():
    kitchen = make_category("Kitchen")
    made = shelf(*(f"Print {n}" for n in range(14)), category=kitchen)
    for product in made:
        Photo.objects.create(product=product, file=f"photos/{product.pk}.webp", width=900, height=900)
    sold(made, made)
    made[0].related.create(other=made[5], position=0)
    recommending.recommend()
    search = Product.objects.select_related("search").get(pk=made[0].pk).search
    with CaptureQueriesContext(connection) as queries:
        rows = rows_beside(made[0], search)
    assert len(queries) == 1 and len(rows.goes_with) == len(rows.similar) == 4
    assert not set(names(rows.goes_with)) & set(names(rows.similar))


def test_a_second_night_without_news_writes_nothing(capsys):
    pot, cup = shelf("Pot", "Cup", category=make_category("Kitchen"))
    sold([pot, cup], [pot, cup])
    call_command("recommend", "--dry-run")
    assert not Recommendation.objects.exists()
    call_command("recommend")
    before = {row.pk: row.score for row in Recommendation.objects.all()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(xmin::text ORDER BY id) FROM catalog_recommendation")
        written = cursor.fetchone()
        recommending.recommend()
        cursor.execute("SELECT array_agg(xmin::text ORDER BY id) FROM catalog_recommendation")
        assert cursor.fetchone() == written
    assert {row.pk: row.score for row in Recommendation.objects.all()} == before
    assert "2 orders, 2 listed" in capsys.readouterr().out
