from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog import publishing, stock
from catalog.finding import refreshing
from catalog.models import (
    Attribute,
    ProductAttribute,
    ProductSearch,
    Question,
    Review,
    SearchTerm,
)
from catalog.tests.factories import make_category, make_choices, make_product, make_variant
from catalog.voices import moderating
from shop.core import events
from shop.core.outbox import deliver_due

pytestmark = pytest.mark.django_db


def row_of(product):
    refreshing.refresh([product.pk])
    return ProductSearch.objects.get(product=product)


def test_the_row_shows_the_cheapest_variant_on_sale():
    mug = make_product("Contour Mug")
    make_variant(product=mug, price_minor=1900, compare_at_minor=2400, stock=3)
    make_variant(product=mug, price_minor=2900, stock=0)
    make_variant(product=mug, price_minor=900, stock=9, is_active=False)

    row = row_of(mug)

    assert (row.price_minor, row.price_max_minor, row.compare_at_minor) == (1900, 2900, 2400)
    assert row.is_listed and row.in_stock and row.is_reduced


def test_a_product_is_listed_only_while_it_is_published_and_has_something_on_sale():
    draft, bare, sold = make_variant(published=False).product, make_product(), make_variant().product
    assert [row_of(product).is_listed for product in (draft, bare, sold)] == [False, False, True]
    assert not row_of(sold).in_stock


def test_products_show_in_all_branches_above_theirs():
    objects = make_category("Objects")
    kitchen = make_category("Kitchen", parent=objects)
    mugs = make_category("Mugs", parent=kitchen)
    hidden = make_category("Secret", parent=mugs, is_published=False)
    product = make_variant(product=make_product(categories=[hidden, kitchen])).product

    row = row_of(product)

    assert set(row.category_ids) == {objects.pk, kitchen.pk, mugs.pk, hidden.pk}
    assert [crumb["slug"] for crumb in row.page["crumbs"]] == ["objects", "kitchen", "mugs"]
    assert row.card["kind"] == "Mugs"


def test_options_and_filter_attributes_become_facets():
    variant = make_variant()
    make_choices(variant, Size="A4", Colour="Deep sea")
    colour = Attribute.objects.create(code="colour", name="Colour", is_filter=True)
    care = Attribute.objects.create(code="care", name="Care", is_section=True)
    for attribute, value in ((colour, "Blue"), (colour, "Teal"), (care, "Dust it")):
        ProductAttribute.objects.create(product=variant.product, attribute=attribute, text=value)

    row = row_of(variant.product)

    assert row.facets == ["size:A4", "colour:Blue", "colour:Teal"]
    assert row.card["choices"] == [["Size", 1], ["Colour", 1]]
    assert {a["value"] for a in row.page["attributes"] if a["is_section"]} == {"Dust it"}


def test_a_value_that_no_variant_on_sale_has_is_not_offered():
    variant = make_variant()
    stopped = make_variant(product=variant.product, is_active=False)
    make_choices(variant, Size="A4")
    make_choices(stopped, Size="A3")
    assert row_of(variant.product).facets == ["size:A4"]


def test_stock_reduced_prices_and_stars_are_filters_too():
    product = make_variant(stock=1, compare_at_minor=9900).product
    for stars in (3, 4):
        Review.objects.create(product=product, stars=stars, status="published", author="A")
    assert row_of(product).facets == ["availability:in-stock", "offer:reduced", "rating:3"]
    Attribute.objects.create(code="offer", name="Offer", is_filter=True)
    own = Attribute.objects.get(code="offer")
    ProductAttribute.objects.create(product=product, attribute=own, text="Spring")
    assert "offer-own:Spring" in row_of(product).facets


def test_stars_count_published_reviews_only():
    product = make_variant().product
    for stars, status in (
        (5, "published"),
        (4, "published"),
        (5, "published"),
        (1, "pending"),
        (1, "refused"),
    ):
        Review.objects.create(product=product, stars=stars, status=status, author="A")
    row = row_of(product)
    assert (str(row.rating), row.rating_count) == ("4.67", 3)
    assert row.page["stars"] == {"4": 1, "5": 2}


def test_only_answered_questions_are_shown():
    product = make_variant().product
    Question.objects.create(product=product, text="Is it heavy?", answer="No.", answered_by="Shop")
    Question.objects.create(product=product, text="Why?")
    assert [q["text"] for q in row_of(product).page["questions"]] == ["Is it heavy?"]


def test_few_left_means_few_of_every_variant_that_is_left():
    product = make_product()
    for pieces in (3, 0, 5):
        make_variant(product=product, stock=pieces)
    assert row_of(product).card["is_low"]
    make_variant(product=product, stock=6)
    assert not row_of(product).card["is_low"]


def test_what_was_shipped_was_sold():
    variant = make_variant(stock=9)
    stock.reserve({variant.pk: 4}, holder="order:1", minutes=15)
    stock.ship("order:1", variant=variant.pk, quantity=3)
    assert row_of(variant.product).sold == 3
    stock.ship("order:1", variant=variant.pk, quantity=1)
    assert refreshing.refresh_sold() == 1 and refreshing.refresh_sold() == 0
    assert ProductSearch.objects.get().sold == 4


def test_rows_follow_what_happens():
    variant = make_variant(published=False, stock=1)
    product = variant.product

    def listed():
        deliver_due()
        row = ProductSearch.objects.filter(product=product).first()
        return row and (row.is_listed, row.in_stock, row.rating_count)

    publishing.publish(product)
    assert listed() == (True, True, 0)
    stock.reserve({variant.pk: 1}, holder="checkout:1", minutes=15)
    assert listed() == (True, False, 0)
    stock.release("checkout:1")
    review = Review.objects.create(product=product, stars=4, author="Ada")
    moderating.publish(review)
    assert listed() == (True, True, 1)
    moderating.refuse(review, reason="spam")
    assert listed() == (True, True, 0)
    publishing.unpublish(product)
    assert listed() == (False, True, 0)


def test_a_category_that_changes_changes_its_products():
    prints = make_category("Prints")
    product = make_variant(product=make_product(categories=[make_category("Terrain", parent=prints)])).product
    row_of(product)
    prints.name = "Sheets"
    prints.save()
    events.record("category.changed", prints)
    deliver_due()
    assert ProductSearch.objects.get().page["crumbs"][0]["name"] == "Sheets"


def test_remembers_the_words_that_products_are_found_by():
    product = make_variant(
        product=make_product("Señor Mug", categories=[make_category("Cups", search_words="beaker")])
    ).product
    row_of(product)
    assert set(SearchTerm.objects.values_list("word", flat=True)) == {"senor", "mug", "cups", "beaker"}


def test_skips_products_that_are_gone():
    assert refreshing.refresh([10**9]) == 0


def test_asks_as_often_for_one_product_as_for_many():
    asked = []
    for many in (1, 12):
        ids = [make_variant(stock=1).product_id for _ in range(many)]
        with CaptureQueriesContext(connection) as queries:
            refreshing.refresh(ids)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 30


def test_the_index_of_a_product_without_accents_and_with_its_codes():
    variant = make_variant(product=make_product("Café Élan"), sku="PR-CE01-A4")
    row_of(variant.product)
    with connection.cursor() as cursor:
        cursor.execute("SELECT document::text FROM catalog_productsearch")
        document = cursor.fetchone()[0]
    assert "'cafe'" in document and "'elan'" in document and "'prce01a4'" in document


def test_the_first_publication_is_remembered():
    product = make_product(published=False)
    make_variant(product=product)
    publishing.publish(product)
    first = product.published_at
    publishing.unpublish(product)
    publishing.publish(product)
    assert product.published_at == first and first > timezone.now() - timedelta(minutes=1)


def test_refuses_to_publish_what_has_nothing_on_sale_or_is_published_already():
    product = make_product(published=False)
    make_variant(product=product, is_active=False)
    with pytest.raises(publishing.NotReady):
        publishing.publish(product)
    product.refresh_from_db()
    assert product.status == "draft"
    active = make_variant().product
    with pytest.raises(publishing.WrongMoment) as refusal:
        publishing.publish(active)
    assert "is on sale" in refusal.value.message
