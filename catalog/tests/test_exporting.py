"""Whatever a shop holds, our own table says all of it: written, read into an empty shop, and written again."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.exporting import export
from catalog.models import Attribute, Category, Product, ProductAttribute
from catalog.tests.factories import make_category, make_choices, make_location, make_product, make_variant
from catalog.tests.importing import counts, errors, exported, imported

pytestmark = pytest.mark.django_db

WORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=60)
NAMES = st.text(st.characters(whitelist_categories=["L", "N", "P", "S"]), min_size=1, max_size=30)
PRODUCTS = st.lists(
    st.fixed_dictionaries(
        {
            "name": NAMES,
            "status": st.sampled_from(["draft", "active", "retired"]),
            "short_description": WORDS,
            "description": st.text(st.sampled_from("abc =+-@'\"\\,;\t\r\n<>&é茶"), max_size=80),
            "brand": WORDS,
            "position": st.integers(0, 5000),
            "care": st.lists(NAMES, max_size=3, unique=True),
            "branch": st.sampled_from([None, 0, 1, 2]),
            "variants": st.lists(
                st.tuples(
                    st.integers(0, 10**9), st.integers(1, 500), st.booleans(), NAMES, st.integers(0, 40)
                ),
                min_size=1,
                max_size=3,
                unique_by=lambda variant: variant[3],
            ),
        }
    ),
    max_size=4,
)


def fill(products) -> None:
    root = make_category("Home")
    branches = [root, make_category("Kitchen, warm", parent=root), make_category("Gifts")]
    care = Attribute.objects.get_or_create(code="care", defaults={"name": "Care"})[0]
    for number, wanted in enumerate(products):
        fields = {name: wanted[name] for name in ("short_description", "description", "brand", "position")}
        places = [branches[wanted["branch"]]] if wanted["branch"] is not None else []
        product = make_product(wanted["name"], slug=f"p-{number}", categories=places, **fields)
        for place, value in enumerate(wanted["care"]):
            ProductAttribute.objects.create(product=product, attribute=care, text=value, position=place)
        for n, (price, more, reduced, choice, pieces) in enumerate(wanted["variants"]):
            was = price + more if reduced else None
            sku = f"P{number}-{n}"
            fields = {"price_minor": price, "compare_at_minor": was, "position": n, "title": choice}
            make_choices(make_variant(product=product, sku=sku, stock=pieces, **fields), Finish=choice)
        Product.objects.filter(pk=product.pk).update(status=wanted["status"])


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "TRUNCATE catalog_importrun, catalog_product, catalog_category, catalog_attribute CASCADE"
        )


@pytest.mark.django_db(transaction=True)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PRODUCTS)
def test_a_shop_moves_by_its_own_table_and_loses_nothing(files, products):
    empty()
    fill(products)
    first = exported()
    run = imported(first) if products else None
    assert run is None or (counts(run) == {"unchanged": len(products)}), [i.changes for i in run.items.all()]
    assert exported() == first
    empty()
    Attribute.objects.create(code="care", name="Care")
    run = imported(first) if products else None
    assert run is None or not errors(run), errors(run)
    assert exported() == first


@pytest.fixture
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_location()


def test_the_number_of_queries_does_not_grow_with_the_shop(files):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            list(export())
        return len(queries)

    make_choices(make_variant(stock=1), Size="S")
    one = cost()
    for _n in range(20):
        make_choices(make_variant(stock=1), Size="S")
    assert cost() == one


def test_branches_of_one_name_keep_their_products_apart(files):
    for name in ("Indoor", "Outdoor"):
        parent = make_category(name)
        plants = make_category("Plants", parent=parent, slug=f"{name.lower()}-plants")
        make_variant(product=make_product(f"{name} fern", categories=[plants]), sku=name)
    first = exported()
    assert b"Indoor > Plants" in first and counts(imported(first)) == {"unchanged": 2}
    assert Category.objects.count() == 4
