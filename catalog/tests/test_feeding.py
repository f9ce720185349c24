"""Feeds: valid by the published rules, equal to the page, without what is not for sale; replaced whole, asked for cheaply."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog import feeding
from catalog.feeds import items as reading
from catalog.finding import refreshing
from catalog.models import Feed, Photo, Product
from catalog.tests.factories import (
    make_category,
    make_choices,
    make_price_list,
    make_product,
    make_set,
    make_variant,
)
from catalog.tests.feed_rules import google_faults, google_rows, meta_faults, meta_rows
from shop.core.models import Shop
from shop.core.storage import private

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_of_this_test(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


def shown(product, **over):
    """A variant of it with stock; the product gets a picture if it has none."""
    variant = make_variant(product=product, **({"stock": 4} | over))
    if not product.photos.exists():
        Photo.objects.create(product=product, file="photos/a.webp", width=1200, height=1200)
    return variant


def built(client, language="en"):
    refreshing.refresh(Product.objects.values_list("pk", flat=True))
    feeding.build(language)
    return {
        kind: client.get(f"/feeds/{kind}").getvalue()
        for kind in (f"google-{language}.xml", f"meta-{language}.csv")
    }


@pytest.fixture
def catalogue():
    """Everything that can go wrong in a feed, for sale."""
    Shop.objects.create(pk=1, name="Iso & line", tagline="Maps <of> nowhere")
    prints = make_category("Prints & <maps>")
    framed = make_product(
        "Contour", categories=[make_category("Terrain", parent=prints)], description="Höhen & Tiefen"
    )
    for size, ean in (("A4", "4006381333931"), ("A3", "2473000000178")):
        variant = shown(framed, sku=f"CON-{size}", title=size, ean13=ean, price_minor=2900)
        make_choices(variant, Size=size)
    shown(make_product("Reduced"), sku="RED", price_minor=2000, compare_at_minor=2500)
    shown(make_product("Gone"), sku="GONE", stock=0)
    shown(
        make_product("\x0bOdd \u2028 <b>name</b>", slug="odd", description="a " * 9000 + "\x01"),
        sku="ODD ÄÖ/1",
    )
    shown(make_product("W" * 150, brand="B" * 80), sku="L" * 40, title="V" * 100)
    return framed


def test_both_feeds_keep_the_published_rules(client, catalogue):
    files = built(client)
    assert google_faults(files["google-en.xml"]) == []
    assert meta_faults(files["meta-en.csv"]) == []
    assert len(google_rows(files["google-en.xml"])) == len(meta_rows(files["meta-en.csv"])) == 6


def test_the_validator_sees_what_breaks_a_rule(client, catalogue):
    files = built(client)
    broken = [
        (b"in_stock", b"in stock"),
        (b"29.00 EUR", b"EUR 29.00"),
        (b"<g:id>RED", b"<g:id>GONE"),
        (b"4006381333931", b"4006381333932"),
        (b"<g:identifier_exists>no</g:identifier_exists>", b""),
        (b"20.00 EUR", b"25.00 EUR"),
    ]
    for good, bad in broken:
        assert good in files["google-en.xml"] and google_faults(files["google-en.xml"].replace(good, bad)), (
            bad
        )
    for good, bad in [(b"in stock", b"in_stock"), (b"http://", b"ftp://"), (b",new,", b",fresh,")]:
        assert good in files["meta-en.csv"] and meta_faults(files["meta-en.csv"].replace(good, bad)), bad


def test_a_feed_says_what_the_page_says(client, catalogue):
    for row in google_rows(built(client)["google-en.xml"]):
        page = client.get(row["link"][0].removeprefix("http://testserver")).text
        price = (row.get("sale_price") or row["price"])[0].split()[0]
        assert f'"sku": "{row["id"][0]}"' in page and f"€{price}" in page
        data = re.search(rf'"sku": "{re.escape(row["id"][0])}", "offers": {{(.*?)}}', page)[1]
        assert f'"price": "{price}"' in data
        assert ("InStock" in data) == (row["availability"] == ["in_stock"])
        if "sale_price" in row:
            assert f"€{row['price'][0].split()[0]}" in page


def test_variants_stand_together_with_their_choices_numbers_and_places(client, catalogue):
    rows = {row["id"][0]: row for row in google_rows(built(client)["google-en.xml"])}
    assert rows["CON-A4"]["item_group_id"] == rows["CON-A3"]["item_group_id"] == [str(catalogue.pk)]
    assert rows["CON-A4"]["size"] == ["A4"] and rows["CON-A4"]["gtin"] == ["4006381333931"]
    assert rows["CON-A3"]["identifier_exists"] == ["no"] and "gtin" not in rows["CON-A3"]
    assert rows["CON-A4"]["product_type"] == ["Prints & <maps> > Terrain"]
    assert rows["CON-A4"]["shipping_weight"] == ["300 g"] and "item_group_id" not in rows["RED"]


def test_what_is_measured_says_its_measure_and_a_set_that_it_is_one(client):
    Shop.objects.create(pk=1, name="Isoline")
    tea = shown(make_product("Tea"), sku="TEA", content_amount=Decimal("250"), content_unit="g")
    cards = shown(make_product("Cards"), sku="CARDS", content_amount=Decimal("12"), content_unit="pc")
    bundle = make_set({tea: 1, cards: 1}, sku="BOTH")
    Photo.objects.create(product=bundle.product, file="photos/a.webp", width=1200, height=1200)
    shown(make_product("Mug"), sku="MUG")
    content = built(client)["google-en.xml"]
    assert google_faults(content) == []
    said = {
        row["id"][0]: [
            row.get(name, [""])[0]
            for name in ("unit_pricing_measure", "unit_pricing_base_measure", "is_bundle")
        ]
        for row in google_rows(content)
    }
    assert said == {
        "TEA": ["250 g", "1 kg", ""], "CARDS": ["12 ct", "1 ct", ""], "BOTH": ["", "", "yes"], "MUG": ["", "", ""],
    }  # fmt: skip
    for wrong in ("250 g", "1 kg"):
        assert google_faults(content.replace(wrong.encode(), b"1 l", 1))


def test_a_sale_with_an_end_says_its_period(client):
    variant = shown(make_product("Teapot"), sku="TEA")
    starts, ends = timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=2)
    make_price_list(prices={variant: 1900}, is_sale=True, starts_at=starts, ends_at=ends)
    files = built(client)
    (row,) = google_rows(files["google-en.xml"])
    assert row["price"] == ["29.00 EUR"] and row["sale_price"] == ["19.00 EUR"]
    assert row["sale_price_effective_date"] == [
        f"{starts.isoformat(timespec='minutes')}/{ends.isoformat(timespec='minutes')}"
    ]
    assert google_faults(files["google-en.xml"]) == meta_faults(files["meta-en.csv"]) == []


def test_what_is_not_for_sale_is_never_told_and_what_is_refused_is_counted(client):
    for name, status in (("Draft", "draft"), ("Retired", "retired"), ("Sold", "active")):
        product = shown(make_product(name), sku=name.upper()).product
        refreshing.refresh([product.pk])
        Product.objects.filter(pk=product.pk).update(status=status)  # whatever the lists still believe
    make_variant(product=make_product("Bare"), sku="BARE", stock=1)
    shown(make_product("Gift"), sku="FREE", price_minor=0)
    off = shown(make_product("Off"), sku="OFF")
    off.is_active = False
    off.save()
    refreshing.refresh(Product.objects.filter(status="active").values_list("pk", flat=True))
    feeding.build("en")
    rows = google_rows(client.get("/feeds/google-en.xml").getvalue())
    assert [row["id"] for row in rows] == [["SOLD"]]
    feed = Feed.objects.get(name="meta-en.csv")
    assert (feed.entries, feed.without_picture, feed.without_price) == (1, 1, 1)


def test_each_language_has_feeds_that_lead_to_its_own_pages(client, catalogue, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    catalogue.translate("de", name="Höhenlinien")
    catalogue.save()
    rows = google_rows(built(client, "de")["google-de.xml"])
    assert "Höhenlinien, A4" in [row["title"][0] for row in rows]
    links = [row["link"][0] for row in rows]
    assert links and all(link.startswith("http://testserver/de/products/") for link in links)


def test_who_has_the_newest_build_is_told_so_without_its_being_read(client, catalogue):
    built(client)
    first = client.get("/feeds/google-en.xml")
    assert google_rows(first.getvalue())
    assert first["Content-Type"] == "application/xml; charset=utf-8" and first["Last-Modified"]
    again = client.get("/feeds/google-en.xml", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304 and again["ETag"] == first["ETag"]
    Product.objects.filter(pk=catalogue.pk).update(name="Renamed")
    built(client)
    answer = client.get("/feeds/google-en.xml", headers={"if-none-match": first["ETag"]})
    assert answer.status_code == 200 and b"Renamed" in answer.getvalue()
    assert client.post("/feeds/google-en.xml").status_code == 405


def test_a_new_build_replaces_the_old_file_and_a_failed_one_leaves_it(
    client, catalogue, monkeypatch, django_capture_on_commit_callbacks
):
    old = built(client)["google-en.xml"]
    monkeypatch.setattr(reading, "_item", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        feeding.build("en")
    assert client.get("/feeds/google-en.xml").getvalue() == old
    monkeypatch.undo()
    with django_capture_on_commit_callbacks(execute=True):
        feeding.build("en")
    _folders, files = private().listdir("feeds")
    assert len(files) == Feed.objects.count() == 2


def test_feeds_of_a_language_that_is_no_longer_spoken_go(client, catalogue, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    built(client, "de")
    settings.LANGUAGES = [("en", "English")]
    assert feeding.drop_old() == 2 and not Feed.objects.exists() and private().listdir("feeds")[1] == []
    assert client.get("/feeds/google-de.xml").status_code == 404


def test_more_products_ask_for_no_more_queries_within_a_portion():
    def asked():
        refreshing.refresh(Product.objects.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as queries:
            feeding.build("en")
        return len(queries)

    shown(make_product("First"))
    few = asked()
    for n in range(12):
        shown(make_product(f"More {n}"))
    assert asked() == few


def test_portions_join_without_loss(client, monkeypatch):
    monkeypatch.setattr(reading, "BATCH", 2)
    for n in range(5):
        shown(make_product(f"Print {n}"), sku=f"P{n}")
    rows = google_rows(built(client)["google-en.xml"])
    assert [row["id"][0] for row in rows] == ["P0", "P1", "P2", "P3", "P4"]


def test_the_command_says_what_it_made(client, catalogue, capsys):
    refreshing.refresh(Product.objects.values_list("pk", flat=True))
    call_command("build_feeds", "--dry-run")
    assert not Feed.objects.exists()
    call_command("build_feeds", "--language", "en")
    assert "/feeds/google-en.xml: 6 entries; left out: 0 without a picture" in capsys.readouterr().out
