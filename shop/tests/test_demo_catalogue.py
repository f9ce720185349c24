import pytest
from django.core.files.storage import default_storage

from catalog import stock
from catalog.models import Category, Hero, Photo, Product, Review, StockItem, Variant
from shop.core import integrity
from shop.core.models import Page, Shop
from shop.demo import catalogue, house, voices

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("isoline")]


def test_the_demo_shows_its_goods_and_its_books_are_right(client):
    voices.load()
    assert Product.objects.published().count() == 44 and Product.objects.count() == 44
    assert Shop.current().name == "Isoline" and Page.objects.count() == 7 and Hero.objects.count() == 3
    assert Review.objects.filter(status="published").count() == 140
    assert all(default_storage.exists(name) for name in Photo.objects.values_list("file", flat=True))
    assert not any(integrity.run(["N01", "N02", "N03", "N2", "C0"]).values())
    for url in ("/", "/c/prints/", "/c/t-shirts/", "/products/contour-eleven/", "/help/delivery/"):
        assert client.get(url).status_code == 200, url


def test_every_branch_has_goods_and_is_shown():
    assert not Category.objects.filter(is_published=False).exists()
    assert Category.objects.menu().count() == 5 and Category.objects.tiles().count() == 8


def test_loading_again_leaves_what_has_happened_meanwhile():
    voices.load()
    counts = [model.objects.count() for model in (Product, Variant, Photo, Category, Review, Hero, StockItem)]
    item = StockItem.objects.get(variant__sku="PR-CE01-A3-OK")
    stock.adjust(item, delta=-4, reason="sold at the market")
    Product.objects.filter(slug="rosette").update(status="retired")
    published_at = Product.objects.get(slug="contour-eleven").published_at

    for part in (house, catalogue, voices):
        part.load()

    item.refresh_from_db()
    assert item.on_hand == 45 and Product.objects.get(slug="rosette").status == "retired"
    assert Product.objects.get(slug="contour-eleven").published_at == published_at
    assert counts == [
        model.objects.count() for model in (Product, Variant, Photo, Category, Review, Hero, StockItem)
    ]


def test_the_data_shows_every_state(client):
    voices.load()
    pages = {
        slug: client.get(f"/products/{slug}/").text
        for slug in (
            "coral-reading",
            "rosette",
            "overprint",
            "stair-study",
            "silk-equation",
            "dusk-wallpapers",
        )
    }
    assert "All of it is sold" in pages["coral-reading"] and "left" in pages["rosette"]
    assert "Preorder: ships by" in pages["silk-equation"]
    assert "To download as soon as it is paid" in pages["dusk-wallpapers"]
    assert "Save 18 %" in pages["overprint"] and "Nobody has written about it yet" in pages["stair-study"]
