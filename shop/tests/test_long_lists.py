"""Lists and forms of the sellers in a shop with a million products: nothing loads or counts a whole table."""

import json

import pytest
from django.contrib.admin.widgets import AutocompleteMixin, ForeignKeyRawIdWidget
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.forms import ModelChoiceField
from django.test.utils import CaptureQueriesContext

from catalog.models import Category, Photo, Product, Review, StockItem, Variant
from orders.models import Order
from shop.accounts.models import User
from shop.core.admin import paging
from shop.core.admin.bases import ShopAdmin, site
from shop.tests.people import grace

LARGE = {Product, Variant, Category, Photo, Review, StockItem, User, Order}
pytestmark = pytest.mark.django_db
MANY = 20_000


@pytest.fixture
def asked(rf):
    request = rf.get("/")
    request.user = grace()
    return request


def forms_of(screen, request):
    yield screen.get_form(request, None)
    for inline in screen.get_inline_instances(request):
        yield inline.get_formset(request, None).form


def loading(form) -> list[str]:
    """Fields whose choices are a whole table."""
    return [
        name
        for name, field in form.base_fields.items()
        if isinstance(field, ModelChoiceField)
        and field.queryset is not None
        and not field.queryset.query.is_empty()  # filled in with a few when the form is made
        and field.queryset.model in LARGE
        and not isinstance(
            getattr(field.widget, "widget", field.widget), (AutocompleteMixin, ForeignKeyRawIdWidget)
        )
    ]


def filtering(screen) -> list[str]:
    """Filters that offer every row of a large table."""
    found = []
    for one in screen.list_filter:
        if isinstance(one, str):
            try:
                field = screen.model._meta.get_field(one)
            except FieldDoesNotExist:
                continue
            if field.is_relation and field.related_model in LARGE:
                found.append(one)
    return found


def test_no_form_and_no_filter_offers_a_whole_table(asked):
    wrong = {}
    for model, screen in site._registry.items():
        if not (screen.has_add_permission(asked) or screen.has_change_permission(asked)):
            continue
        fields = [name for form in forms_of(screen, asked) for name in loading(form)]
        if fields or filtering(screen):
            wrong[model._meta.label] = fields + filtering(screen)
    assert wrong == {}


def test_every_list_of_ours_estimates():
    assert [
        model._meta.label
        for model, screen in site._registry.items()
        if not isinstance(screen, ShopAdmin) or screen.paginator is not paging.EstimatingPaginator
    ] == []


def test_short_lists_are_counted_long_ones_estimated(monkeypatch):
    monkeypatch.setattr(paging, "EXACT_UP_TO", 5)
    Category.objects.all().delete()
    Product.objects.bulk_create(Product(name=f"P{n}", slug=f"p{n}") for n in range(5))
    paginator = paging.EstimatingPaginator(Product.objects.order_by("pk"), 2)
    assert (paginator.count, paginator.is_estimated) == (5, False)
    Product.objects.bulk_create(Product(name=f"Q{n}", slug=f"q{n}") for n in range(995))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_product")
    with CaptureQueriesContext(connection) as queries:
        paginator = paging.EstimatingPaginator(Product.objects.order_by("pk"), 2)
        assert (paginator.count, paginator.is_estimated) == (1000, True)
    assert "LIMIT 6" in queries[0]["sql"] and queries[1]["sql"].startswith("EXPLAIN")


def scans(sql) -> list[str]:
    """Tables of products and variants that the plan reads from end to end."""
    found = []

    def walk(node):
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in (
            "catalog_product",
            "catalog_variant",
        ):
            found.append(node["Relation Name"])
        for below in node.get("Plans", []):
            walk(below)

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    walk((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
    return found


@pytest.mark.parametrize("query", ["", "?q=01234"])
def test_the_list_of_products_reads_no_table_from_end_to_end(client, query):
    Product.objects.bulk_create(Product(name=f"Mug {n:05}", slug=f"mug-{n}") for n in range(MANY))
    ids = Product.objects.order_by("pk").values_list("pk", flat=True)
    Variant.objects.bulk_create(
        Variant(product_id=pk, sku=f"MUG-{n:05}", price_minor=100) for n, pk in enumerate(ids)
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list(%s)", ["product_name_trigrams"])
        cursor.execute("SELECT gin_clean_pending_list(%s)", ["variant_sku_trigrams"])
        cursor.execute("ANALYZE catalog_product")
        cursor.execute("ANALYZE catalog_variant")
    client.force_login(grace())
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/admin/catalog/product/{query}")
    assert page.status_code == 200
    lists = [
        q["sql"]
        for q in queries
        if 'FROM "catalog_product"' in q["sql"] and not q["sql"].startswith("EXPLAIN")
    ]
    counts = [sql for sql in lists if "COUNT(" in sql]
    assert lists and all("LIMIT 5001" in sql for sql in counts)
    assert {sql: scans(sql) for sql in lists if sql not in counts and scans(sql)} == {}
