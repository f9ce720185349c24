from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from catalog import publishing, stock
from catalog.finding import refreshing
from catalog.management.commands import reindex
from catalog.models import (
    Category,
    Photo,
    Product,
    ProductSearch,
    Reservation,
    Review,
    SearchTerm,
    StockItem,
    Variant,
)
from catalog.tests.factories import make_category, make_product, make_variant
from shop.core import events, integrity

pytestmark = pytest.mark.django_db
PRICES = {"C04-search-prices", "C05-price-history"}
OURS = ["N01", "N02", "N03", "C0"]


@pytest.fixture
def mug():
    """On the shelf, listed, with a promise and a review."""
    variant = make_variant(stock=5, sku="MUG")
    stock.reserve({variant.pk: 2}, holder="checkout:1", minutes=15)
    Review.objects.create(product=variant.product, stars=5, status="published", author="Ada")
    make_category("Mugs", parent=make_category("Kitchen"))
    connection.cursor().execute("UPDATE core_delivery SET done_at = now()")
    refreshing.refresh([variant.product_id])
    return variant


def broken() -> set[str]:
    return {code for code, found in integrity.run(OURS).items() if found}


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_shop_in_order_has_nothing_to_say(mug):
    assert broken() == set()


@pytest.mark.parametrize(
    ("harm", "codes"),
    [
        (lambda: StockItem.objects.update(on_hand=9), {"N01-stock-ledger"}),
        (lambda: StockItem.objects.update(reserved=3), {"N03-stock-reserved"}),
        (lambda: Reservation.objects.update(quantity=1), {"N03-stock-reserved"}),
        (lambda: Variant.objects.update(price_minor=1), PRICES),
        (lambda: Variant.objects.update(is_active=False), {"C01-search-rows"} | PRICES),
        (lambda: Product.objects.update(status="retired"), {"C01-search-rows"} | PRICES),
        (lambda: ProductSearch.objects.all().delete(), {"C01-search-rows"}),
        (lambda: ProductSearch.objects.update(in_stock=False), {"C01-search-rows"}),
        (lambda: Review.objects.update(stars=1), {"C02-ratings"}),
        (lambda: Review.objects.update(status="refused"), {"C02-ratings"}),
        (lambda: Category.objects.filter(depth=1).update(numchild=7), {"C03-category-tree"}),
        (lambda: Category.objects.filter(depth=2).update(path="ZZZZ0001"), {"C03-category-tree"}),
    ],
)
def test_each_kind_of_damage_is_named_by_its_check(mug, harm, codes):
    harm()
    assert broken() == codes


def test_more_reserved_than_there_is_is_named(mug):
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("ALTER TABLE catalog_stockitem DROP CONSTRAINT stock_reserved_within_on_hand")
    StockItem.objects.update(reserved=6)
    assert "N02-stock-bounds" in broken()


def test_nothing_is_said_of_lists_while_a_refresh_is_on_its_way(mug):
    Variant.objects.update(price_minor=1)
    events.record("product.changed", mug.product)
    assert broken() == set()


def test_pictures_are_looked_for_only_when_asked(mug, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    Photo.objects.create(file="photos/gone.webp", width=900, height=900, widths=[320])
    assert "N20-media-files" not in integrity.run()
    found = integrity.run(also=["N20"])
    assert len(found["N20-media-files"]) == 2 and "N01-stock-ledger" in found
    assert list(integrity.run(["N20"])) == ["N20-media-files"]


def test_reindex_mends_lists_and_forgets_old_words(mug):
    SearchTerm.objects.create(word="gone")
    Variant.objects.update(price_minor=1)
    call_command("reindex", dry_run=True)
    assert broken() == PRICES
    call_command("reindex")
    assert broken() == set() and not SearchTerm.objects.filter(word="gone").exists()


def test_a_stopped_reindex_says_where_to_go_on_and_goes_on_there(mug, monkeypatch):
    products = [make_variant(product=make_product(name)).product for name in ("One", "Two", "Three")]
    ProductSearch.objects.all().delete()

    def refresh(ids):
        if products[1].pk in ids:
            raise KeyboardInterrupt
        return refreshing.refresh(ids)

    monkeypatch.setattr(reindex, "BATCH", 1)
    monkeypatch.setattr(reindex, "refresh", refresh)
    said = StringIO()
    with pytest.raises(KeyboardInterrupt):
        call_command("reindex", stderr=said)
    assert not ProductSearch.objects.filter(product__in=products[1:]).exists()
    assert f"reindex --after {products[0].pk}" in said.getvalue()
    monkeypatch.undo()
    ProductSearch.objects.all().delete()
    call_command("reindex", after=products[0].pk)
    written = set(ProductSearch.objects.values_list("product", flat=True))
    assert written == {products[1].pk, products[2].pk}


def test_reindex_takes_names_and_says_which_it_does_not_know(mug):
    other = make_variant(product=make_product("Other")).product
    call_command("reindex", other.slug)
    assert ProductSearch.objects.filter(product=other).exists()
    with pytest.raises(CommandError, match="nowhere"):
        call_command("reindex", other.slug, "nowhere")


def test_publishing_leaves_nothing_to_mend(mug):
    draft = make_variant(published=False, stock=1).product
    publishing.publish(draft)
    refreshing.refresh([draft.pk])
    assert broken() == set()
