"""Many rows in one statement: what is written is what Django itself would have written."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.models import Option, OptionValue, Product, Variant
from catalog.tests.factories import make_product, make_variant
from shop.core import clock, many
from shop.core.models import Delivery, Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_few_are_many(monkeypatch):
    monkeypatch.setattr(many, "FEW", 0)


def test_new_rows_are_whole_and_point_to_rows_made_a_moment_before():
    products = [
        Product(name=f"Mug\t{n}\n“é”\\N", slug=f"mug-{n}", texts={"de": {"name": 'Be"cher'}})
        for n in range(3)
    ]
    options = [Option(product=product, name="Size") for product in products]
    values = [OptionValue(option=option, name="L") for option in options]
    variants = [
        Variant(
            product=product, sku=f"M-{n}", price_minor=100, content_amount=Decimal("0.75"), content_unit="l"
        )
        for n, product in enumerate(products)
    ]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for rows in (products, options, values, variants):
            assert many.insert(rows) is not None
    assert len(asked) <= 8
    for n, value in enumerate(OptionValue.objects.select_related("option__product").order_by("pk")):
        assert value.option.product == products[n]
    product = Product.objects.get(slug="mug-1")
    assert product.name == "Mug\t1\n“é”\\N" and product.texts == {"de": {"name": 'Be"cher'}}
    assert product.updated_at and product.created_at == products[1].created_at
    assert Variant.objects.get(sku="M-2").content_amount == Decimal("0.750")
    assert make_product().pk > max(row.pk for row in products)  # numbers go on where they stood
    assert many.insert([]) == []


def test_a_few_go_by_one_statement(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(many, "FEW", 2)
    products = [Product(name="A", slug="a"), Product(name="B", slug="b")]
    with django_assert_num_queries(1):
        many.insert(products)
    assert {row.pk for row in products} == set(Product.objects.values_list("pk", flat=True))


def test_what_the_database_fills_in_itself_stays_its_own():
    event = many.insert([Event(name="thing.done", subject_type="x", subject_id=1, data={"a": [1, None]})])[0]
    many.insert([Delivery(event=event, reaction="one"), Delivery(event=event, reaction="two")])
    assert all(row.due_at for row in Delivery.objects.filter(event=event))
    assert Event.objects.get(pk=event.pk).data == {"a": [1, None]}


def test_only_the_named_columns_change():
    first, other = make_variant(price_minor=100), make_variant(price_minor=200)
    moment = clock.now() - dt.timedelta(days=3)
    for variant in (first, other):
        variant.price_minor += 1
        variant.compare_at_minor = None if variant is first else 900
        variant.weight_g = 9999
        variant.content_amount, variant.content_unit = Decimal("1.5"), "kg"
    many.update([first, other], ["price_minor", "compare_at_minor", "content_amount", "content_unit"])
    found = Variant.objects.in_bulk()
    assert [found[row.pk].price_minor for row in (first, other)] == [101, 201]
    assert [found[row.pk].compare_at_minor for row in (first, other)] == [None, 900]
    assert {row.weight_g for row in found.values()} == {300}
    assert found[first.pk].content_amount == Decimal("1.500")
    product = first.product
    product.texts, product.published_at, product.name = {"de": {"name": "x"}}, moment, "It's \\ new"
    many.update([product], ["texts", "published_at", "name", "updated_at"])
    again = Product.objects.get(pk=product.pk)
    assert (again.texts, again.published_at, again.name) == ({"de": {"name": "x"}}, moment, "It's \\ new")
    assert again.updated_at > product.created_at
    many.update([], ["name"])


def test_what_does_not_fit_is_refused_as_django_refuses_it_and_nothing_is_written():
    rows = [Product(name="fits", slug="fits"), Product(name="x" * 151, slug="long")]
    with pytest.raises(DataError), transaction.atomic():
        many.insert(rows)
    variant = make_variant()
    variant.price_minor = -1
    with pytest.raises(IntegrityError), transaction.atomic():
        many.update([variant], ["price_minor"])
    assert list(Product.objects.all()) == [variant.product]
