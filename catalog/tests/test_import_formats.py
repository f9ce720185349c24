"""Shopify's and WooCommerce's files as those systems export them (the content is our own)."""

import pytest

from catalog import stock
from catalog.importing import reporting
from catalog.models import Category, PhotoImport, Product, Variant
from catalog.tests.factories import make_category, make_location, make_product, make_variant
from catalog.tests.importing import counts, errors, exported, imported, sample, table, tried_out
from shop.core import integrity

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_location()


def variant(sku):
    found = Variant.objects.get(sku=sku)
    return found, stock.available([found.pk])[found.pk]


@pytest.mark.parametrize("name", ["shopify_older.csv", "shopify_newer.csv"])
def test_shopify_with_its_older_and_its_newer_headers(name):
    run = imported(sample(name))
    assert run.format == "shopify" and not errors(run)
    pot = Product.objects.get(slug="fern-teapot")
    assert (pot.name, pot.brand, pot.status) == ("Fern Teapot", "Moss & Clay", "active")
    assert pot.description == "A teapot with fern relief.\n\n• 0.8 litres\n• Dishwasher & oven safe"
    assert (pot.search_words, pot.seo_title) == ("tea, stoneware, green", "Fern Teapot in stoneware")
    assert [category.name for category in pot.categories.all()] == ["Teapots"]
    moss, pieces = variant("FERN-MOSS-S")
    assert (moss.price_minor, moss.compare_at_minor, moss.cost_minor, moss.weight_g) == (
        3900,
        4900,
        1150,
        640,
    )
    assert (moss.ean13, moss.title, pieces) == ("4006381333931", "Moss / Small", 12)
    sand, none_left = variant("FERN-SAND-S")
    assert (sand.compare_at_minor, none_left) == (None, 0)
    options = [(option.name, [value.name for value in option.values.all()]) for option in pot.options.all()]
    assert options == [("Glaze", ["Moss", "Sand"]), ("Size", ["Small", "Large"])]
    strainer = Product.objects.get(slug="tea-strainer")
    assert (strainer.status, strainer.options.count(), strainer.variants.get().sku) == (
        "draft",
        0,
        "TEA-STRAINER",
    )
    wanted = {row.url: row for row in PhotoImport.objects.filter(product=pot)}
    assert wanted["https://cdn.example.com/fern-1.jpg?v=1"].alt == "A green teapot, from the side"
    assert wanted["https://cdn.example.com/fern-moss.jpg"].variants.get() == moss
    assert counts(imported(sample(name))) == {"unchanged": run.item_count}
    assert not any(integrity.run().values())


def test_shopifys_archived_products_are_retired_and_metafields_become_attributes():
    imported(sample("shopify_older.csv"))
    assert Product.objects.get(slug="old-caddy").status == "retired"
    imported(sample("shopify_newer.csv"))
    row = Product.objects.get(slug="fern-teapot").attributes.first()
    assert (row.attribute.name, row.plain) == ("Color", "moss")


def test_shopify_tells_which_columns_are_not_used():
    run = tried_out(sample("shopify_older.csv"))
    ignored = [header for header, field in run.columns if not field]
    assert "Variant Taxable" in ignored and "Variant SKU" not in ignored


def test_a_foreign_files_empty_cells_and_missing_categories_take_nothing_away():
    own = make_category("Own")
    product = make_product("Tea Strainer", brand="Own brand", categories=[own])
    make_variant(product=product, sku="TEA-STRAINER", weight_g=10)
    imported(
        table(
            "Handle,Title,Type,Vendor,Variant SKU,Variant Price",
            "tea-strainer,Tea Strainer,Accessories,,TEA-STRAINER,8",
        )
    )
    product.refresh_from_db()
    assert product.brand == "Own brand"
    assert {category.name for category in product.categories.all()} == {"Own", "Accessories"}


def test_shopifys_gift_cards_are_left_out_with_a_reason():
    run = imported(
        table(
            "Handle,Title,Variant SKU,Variant Price,Gift Card", "card,Card,GC,10,TRUE", "mug,Mug,MUG,5,FALSE"
        )
    )
    assert counts(run) == {"refused": 1, "created": 1} and "Gift cards" in errors(run)[0][1]


def test_woocommerce_in_english():
    run = imported(sample("woocommerce_en.csv"))
    assert run.format == "woocommerce"
    lamp = Product.objects.get(name="Desk Lamp")
    assert (lamp.short_description, lamp.brand, lamp.search_words) == (
        "A lamp & a friend.",
        "Lumen",
        "lamp, office",
    )
    assert lamp.description == "Bends where you look.\n\nTakes any E14 bulb."
    assert {category.slug for category in lamp.categories.all()} == {"desk", "gifts"}
    assert Category.objects.get_parent(Category.objects.get(slug="desk")).name == "Lighting"
    assert [row.plain for row in lamp.attributes.all()] == ["Steel", "Oak, oiled"]
    row, pieces = variant("LAMP-1")
    assert (row.price_minor, row.compare_at_minor, row.low_stock_at, pieces) == (5990, 7990, 2, 7)
    assert (row.weight_g, row.depth_mm, row.width_mm, row.height_mm) == (1250, 180, 180, 420)
    assert not any(integrity.run().values())


def test_woocommerces_variations_find_their_product_by_sku_and_by_id():
    imported(sample("woocommerce_en.csv"))
    shade = Product.objects.get(name="Lamp Shade")
    assert [(v.sku, v.title, v.price_minor) for v in shade.variants.all()] == [
        ("SHADE-IVORY", "Ivory", 1900),
        ("SHADE-SLATE", "Slate", 2100),  # its sale is over
    ]
    assert [option.name for option in shade.options.all()] == ["Colour"]
    assert [row.plain for row in shade.attributes.all()] == ["S", "M"]  # "any size" makes no variant
    assert [v.weight_g for v in shade.variants.all()] == [300, 350]
    assert variant("SHADE-IVORY")[1] == 4


def test_woocommerce_leaves_out_what_we_do_not_sell_and_unmasks_formulas():
    run = imported(sample("woocommerce_en.csv"))
    assert [(line, "Grouped" in message) for line, message in errors(run)] == [(6, True)]
    voucher = Product.objects.get(name="=Formula Voucher")
    assert (voucher.status, voucher.variants.get().sku) == ("draft", "WC-107")
    assert "whole product" in next(
        problem.message for problem in reporting.problems(run) if problem.line == 5
    )
    assert counts(imported(sample("woocommerce_en.csv"))) == {"unchanged": 3, "refused": 1}


def test_woocommerce_in_german_from_excel():
    run = imported(sample("woocommerce_de_cp1252.csv"))
    assert (run.format, run.encoding, run.delimiter) == ("woocommerce", "cp1252", ";")
    can = Product.objects.get()
    assert (can.name, can.slug, can.short_description) == ("Gießkanne", "giesskanne", "Für Balkon und Beet.")
    small, large = can.variants.all()
    assert (small.price_minor, small.compare_at_minor, small.title, small.weight_g) == (
        2490,
        2990,
        "5 l",
        900,
    )
    assert (large.price_minor, large.weight_g) == (103990, 1400)
    assert Category.objects.get_parent(can.categories.get()).name == "Garten"


def test_two_products_of_one_name_get_two_addresses():
    lines = table(
        "Type,SKU,Name,Published,Regular price,Categories", "simple,A-1,Mug,1,5,", "simple,A-2,Mug,1,6,"
    )
    imported(lines)
    assert sorted(Product.objects.values_list("slug", flat=True)) == ["mug", "mug-a-2"]
    assert counts(imported(lines)) == {"unchanged": 2}


def test_a_variation_without_its_product_is_an_error():
    lines = table("Type,SKU,Name,Published,Regular price,Parent", "variation,A-1,Mug - S,1,5,GONE")
    assert "not in the file" in errors(imported(lines))[0][1]


@pytest.mark.parametrize("format", ["shopify", "woocommerce"])
def test_what_we_export_for_other_shops_we_read_back_unchanged(format):
    imported(sample("shopify_older.csv"))
    imported(sample("woocommerce_en.csv"))
    before = exported()
    run = imported(exported(format))
    assert not errors(run) and set(counts(run)) == {"unchanged"}, [item.changes for item in run.items.all()]
    assert exported() == before
