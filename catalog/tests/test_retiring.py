"""The page of what is no longer sold; and the rows of products beside others."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import publishing
from catalog.finding import refreshing
from catalog.models import Product
from catalog.recommendations import suggesting
from catalog.tests.factories import make_category, make_product, make_variant

pytestmark = pytest.mark.django_db


def on_sale(name, *, stock=3, category=None):
    product = make_product(name, categories=[category] if category else [])
    return make_variant(product=product, stock=stock, sku=name.upper()).product


def refresh_all():
    refreshing.refresh(Product.objects.values_list("pk", flat=True))


def names(cards):
    return [card["name"] for card in cards]


@pytest.fixture
def gone():
    tea = make_category("Tea")
    teapot, _mug, tray = (on_sale(name, category=tea) for name in ("Teapot", "Mug", "Tray"))
    teapot.related.create(other=tray, kind="instead")
    refresh_all()
    publishing.retire(teapot)
    refresh_all()
    return teapot


def test_its_page_stays_and_says_what_to_buy_instead(client, gone):
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/products/teapot/?variant=TEAPOT")
    assert page.status_code == 200 and len(queries) <= 6
    assert (
        "This product is no longer sold." in page.text
        and '<meta name="robots" content="noindex">' in page.text
    )
    assert page.text.index("Tray") < page.text.index(">Mug<")
    assert "/cart/lines/" not in page.text and "add-to-cart=" not in page.text


def test_it_stands_in_no_list_search_feed_or_map(client, gone):
    for path in ("/", "/c/tea/", "/search/?q=teapot", "/sitemap.xml"):
        assert "/products/teapot/" not in client.get(path).text, path
    files = re.findall(r"<loc>https?://[^/]+(/sitemaps/[^<]+)</loc>", client.get("/sitemap.xml").text)
    read = [b"".join(client.get(path)) for path in files]
    assert read and not any(b"/products/teapot/" in found for found in read)


def test_old_addresses_of_it_and_reviews_still_lead_there(client, gone):
    Product.objects.filter(pk=gone.pk).update(slug="old-teapot")
    assert client.get("/products/teapot/")["Location"] == "/products/old-teapot/"
    assert client.get("/products/old-teapot/review/").status_code in (200, 403)


def test_a_draft_is_not_found(client, gone):
    Product.objects.filter(pk=gone.pk).update(status="draft")
    assert client.get("/products/teapot/").status_code == 404


def test_picks_of_two_kinds_stand_in_two_rows_in_the_sellers_order(client):
    tea = make_category("Tea")
    teapot, mug, tray, cosy, gone = (
        on_sale(n, category=tea) for n in ("Teapot", "Mug", "Tray", "Cosy", "Gone")
    )
    for position, other in enumerate([tray, gone, mug]):
        teapot.related.create(other=other, position=position)
    teapot.related.create(other=cosy, kind="instead")
    Product.objects.filter(pk=gone.pk).update(status="draft")
    refresh_all()
    row = Product.objects.select_related("search").get(pk=teapot.pk).search
    found = suggesting.rows_beside(teapot, row)
    assert (names(found.goes_with), names(found.similar)) == (["Tray", "Mug"], ["Cosy"])
    page = client.get("/products/teapot/").text
    assert page.index("Goes with it") < page.index("Similar")


def test_what_goes_with_a_whole_cart_is_none_of_it():
    teapot, mug, tray = (on_sale(name) for name in ("Teapot", "Mug", "Tray"))
    for product, other in ((teapot, mug), (teapot, tray), (mug, tray), (mug, teapot)):
        product.related.create(other=other)
    refresh_all()
    with CaptureQueriesContext(connection) as queries:
        assert names(suggesting.goes_with_cart([teapot.pk, mug.pk])) == ["Tray"]
    assert len(queries) == 1
