"""What machines read: addresses, translations, structured data, the map; all of it as true as the page itself."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.utils import timezone

from catalog.feeds import mapping
from catalog.finding import refreshing
from catalog.models import Photo, PriceList, Product, Review
from catalog.prices.reading import forget_rules
from catalog.tests.factories import make_category, make_choices, make_product, make_variant
from shop.core.models import Page, Shop

pytestmark = pytest.mark.django_db
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(autouse=True)
def no_map_of_other_tests():
    cache.delete(mapping._key())


@pytest.fixture
def both_languages(settings):
    settings.LANGUAGES = [("en", "English"), ("de", "German")]


@pytest.fixture
def framed():
    """Two sizes in two frames, of which one is sold out, rated by two buyers; with a picture of its own for one."""
    product = make_product(
        "Contour No. 11", categories=[make_category("Prints")], short_description="A map of nowhere."
    )
    made = {}
    for size, frame, price, pieces in (
        ("A4", "Oak", 2900, 9),
        ("A4", "Black", 3150, 3),
        ("A3", "Oak", 4500, 0),
    ):
        sku = f"{size}-{frame}"
        made[sku] = make_variant(
            product=product, sku=sku, title=f"{size} / {frame}", price_minor=price, stock=pieces
        )
        make_choices(made[sku], Size=size, Frame=frame)
    Photo.objects.create(product=product, file="photos/all.webp", width=1200, height=1200)
    Photo.objects.create(product=product, file="photos/a3.webp", width=1200, height=1200).variants.add(
        made["A3-Oak"]
    )
    for stars, author in ((5, "Ada"), (4, "Grace")):
        Review.objects.create(
            product=product, stars=stars, status="published", author=author, title="Lovely", text="As shown."
        )
    refreshing.refresh([product.pk])
    return made


def all_data(response):
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.text, re.S)
    return {data["@type"]: data for data in map(json.loads, found)}


def text_of(response):
    """What a person reads: no scripts, no tags."""
    body = re.sub(r"<script.*?</script>|<template.*?</template>", " ", response.text, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body[body.index("<main") :])))


# --- Structured data -------------------------------------------------------------------------------------------


def test_every_variant_costs_in_the_data_what_its_own_page_shows(client, framed):
    group = all_data(client.get("/products/contour-no-11/"))["ProductGroup"]
    assert {variant["sku"] for variant in group["hasVariant"]} == set(framed)
    for variant in group["hasVariant"]:
        offer = variant["offers"]
        shown = text_of(client.get(offer["url"].removeprefix("http://testserver")))
        assert f"€{offer['price']}" in shown and offer["priceCurrency"] == "EUR"
        is_there = offer["availability"] == "https://schema.org/InStock"
        assert is_there == ("Add to cart" in shown) != ("Sold out" in shown)
        assert variant["sku"] in shown


def test_a_group_says_what_its_variants_differ_in(client, framed):
    group = all_data(client.get("/products/contour-no-11/"))["ProductGroup"]
    assert group["variesBy"] == ["https://schema.org/size"]
    last = next(variant for variant in group["hasVariant"] if variant["sku"] == "A3-Oak")
    assert last["size"] == "A3"
    assert last["additionalProperty"] == [{"@type": "PropertyValue", "name": "Frame", "value": "Oak"}]
    assert last["image"] == ["http://testserver/media/photos/a3.webp"]
    assert group["productGroupID"] == str(framed["A3-Oak"].product_id)


def test_rating_and_reviews_are_those_of_the_page(client, framed):
    page = client.get("/products/contour-no-11/")
    data, shown = all_data(page)["ProductGroup"], text_of(page)
    rating = data["aggregateRating"]
    assert rating == {"@type": "AggregateRating", "ratingValue": "4.50", "reviewCount": 2}
    assert "4.5 out of 5" in shown
    for review in data["review"]:
        assert review["author"]["name"] in shown and review["reviewBody"] in shown


def test_nobody_is_rated_who_was_not(client, framed):
    Review.objects.update(status="pending")
    refreshing.refresh([framed["A4-Oak"].product_id])
    assert "aggregateRating" not in all_data(client.get("/products/contour-no-11/"))["ProductGroup"]


def test_a_product_without_choices_is_no_group_and_names_its_number(client):
    product = make_product("Teapot", description="Holds a litre.", brand="Isoline")
    make_variant(product=product, sku="TEA", stock=2, compare_at_minor=3500, ean13="4006381333931")
    Photo.objects.create(product=product, file="photos/c.webp", width=1200, height=1200)
    refreshing.refresh([product.pk])
    page = client.get("/products/teapot/")
    data = all_data(page)["Product"]
    assert data["sku"] == "TEA" and data["gtin13"] == "4006381333931" and data["brand"]["name"] == "Isoline"
    assert data["offers"]["price"] == "29.00" and "€29.00" in text_of(page)
    assert '<meta property="og:image" content="http://testserver/media/photos/c.webp">' in page.text
    assert '<meta property="og:price:amount" content="29.00">' in page.text


def test_the_price_for_a_measure_and_whether_it_can_be_sent_back_are_those_of_the_page(client):
    product = make_product("Bespoke tea", kind="made", is_personal=True)
    make_variant(product=product, price_minor=300, content_amount=Decimal("250"), content_unit="g")
    refreshing.refresh([product.pk])
    page = client.get(product.get_absolute_url())
    offer = all_data(page)["Product"]["offers"]
    assert "€12.00 / kg" in page.text and "it cannot be sent back" in page.text
    assert offer["hasMerchantReturnPolicy"]["returnPolicyCategory"].endswith("MerchantReturnNotPermitted")
    said = offer["priceSpecification"]["referenceQuantity"]
    assert (said["value"], said["unitCode"], said["valueReference"]["unitCode"]) == ("250", "GRM", "KGM")
    assert offer["priceSpecification"]["price"] == offer["price"] == "3.00"


def test_a_sale_says_until_when_its_price_holds(client, framed):
    ends = timezone.now().replace(microsecond=0, second=0) + timedelta(days=3)
    PriceList.objects.create(
        name="Sale", method="percent", currency="EUR", percent=50, is_sale=True, ends_at=ends
    )
    forget_rules()
    offers = [
        variant["offers"]
        for variant in all_data(client.get("/products/contour-no-11/"))["ProductGroup"]["hasVariant"]
    ]
    assert [offer["price"] for offer in offers] == ["14.50", "15.75", "22.50"]
    assert {offer["priceValidUntil"] for offer in offers} == {ends.isoformat(timespec="minutes")}


def test_what_a_seller_writes_cannot_end_the_script(client):
    words = "</script><script>alert(1)</script><!--"
    category = make_category(words, slug="evil")
    product = make_product(words, slug="evil", description=words, brand=words, categories=[category])
    make_choices(make_variant(product=product, stock=1, title=words), Size=words)
    make_choices(make_variant(product=product, stock=1, title="A4"), Size="A4")
    Review.objects.create(product=product, stars=5, status="published", author=words, text=words, title=words)
    Shop.objects.create(pk=1, name=words, company=words, email="a@b.example")
    refreshing.refresh([product.pk])
    for url in ("/", "/c/evil/", "/products/evil/"):
        page = client.get(url)
        assert words not in page.text and "<script>alert" not in page.text
        assert all_data(page)
    group = all_data(client.get("/products/evil/"))["ProductGroup"]
    assert group["name"] == words and group["review"][0]["reviewBody"] == words


def test_a_list_names_its_products_in_their_order(client):
    prints = make_category("Prints")
    for n in range(3):
        make_variant(product=make_product(f"Print {n}", categories=[prints], position=n), stock=1)
    refreshing.refresh(Product.objects.values_list("pk", flat=True))
    page = client.get("/c/prints/")
    items = all_data(page)["ItemList"]["itemListElement"]
    shown = re.findall(r'class="card-name"><a href="(.*?)"', page.text)
    assert [item["url"] for item in items] == [f"http://testserver{url}" for url in shown]
    assert [item["position"] for item in items] == [1, 2, 3]


def test_home_says_who_sells_and_how_to_search(client):
    Shop.objects.create(
        pk=1,
        name="Isoline",
        company="Isoline GmbH",
        street="Weg 1",
        postcode="1010",
        city="Wien",
        vat_id="ATU1",
    )
    data = all_data(client.get("/"))
    assert data["OnlineStore"]["legalName"] == "Isoline GmbH" and data["OnlineStore"]["vatID"] == "ATU1"
    assert data["OnlineStore"]["address"]["addressLocality"] == "Wien"
    target = data["WebSite"]["potentialAction"]["target"]
    assert (
        client.get(
            target.replace("{search_term_string}", "map").removeprefix("http://testserver")
        ).status_code
        == 200
    )


# --- Addresses -------------------------------------------------------------------------------------------------


def canonical_of(page):
    return (re.findall(r'<link rel="canonical" href="(.*?)">', page.text) or [""])[0]


def test_a_filtered_list_names_the_whole_one_and_an_endless_one_asks_to_be_left_out(client):
    prints = make_category("Prints")
    for n in range(30):
        product = make_product(f"Print {n}", categories=[prints])
        make_choices(make_variant(product=product, stock=1), Size="A4")
    refreshing.refresh(Product.objects.values_list("pk", flat=True))
    whole = "http://testserver/c/prints/"
    assert canonical_of(client.get("/c/prints/")) == whole
    assert canonical_of(client.get("/c/prints/?page=2")) == f"{whole}?page=2"
    assert canonical_of(client.get("/c/prints/?f-size=A4&page=2")) == whole
    for endless in ("?sort=price", "?f-size=A4&max=99"):
        page = client.get(f"/c/prints/{endless}")
        assert not canonical_of(page) and '<meta name="robots" content="noindex">' in page.text
    found = client.get("/search/?q=print")
    assert not canonical_of(found) and '<meta name="robots" content="noindex">' in found.text


@pytest.mark.parametrize(
    "url", ["/", "/c/prints/", "/products/contour-no-11/?variant=A3-Oak", "/help/terms/"]
)
def test_each_language_names_itself_the_others_and_the_first_for_everybody_else(
    client, framed, both_languages, url
):
    Page.objects.get_or_create(slug="terms", defaults={"title": "Terms", "body": "Fair."})
    plain = url.partition("?")[0]
    wanted = {
        "en": f"http://testserver{plain}",
        "de": f"http://testserver/de{plain}",
        "x-default": f"http://testserver{plain}",
    }
    for prefix in ("", "/de"):
        page = client.get(prefix + url)
        assert dict(re.findall(r'hreflang="([\w-]+)" href="(http.*?)"', page.text)) == wanted
        assert canonical_of(page) == f"http://testserver{prefix}{plain}"


def test_with_one_language_nothing_is_said_of_others(client, framed, settings):
    settings.LANGUAGES = [("en", "English")]
    assert 'rel="alternate"' not in client.get("/").text


# --- Robots and the map ----------------------------------------------------------------------------------------


def allowed(rules, path):
    """As robots read it: a rule matches from the start, * stands for anything."""
    patterns = [line.removeprefix("Disallow: ") for line in rules.splitlines() if line.startswith("Disallow")]
    return not any(re.match(re.escape(one).replace(r"\*", ".*"), path) for one in patterns)


def test_robots_stay_out_of_what_is_personal_searched_or_filtered(client, both_languages):
    rules = client.get("/robots.txt").text
    assert "Sitemap: http://testserver/sitemap.xml" in rules
    for path in ("/", "/c/prints/", "/c/prints/?page=2", "/de/products/print/?variant=A4", "/help/terms/"):
        assert allowed(rules, path)
    for path in (
        "/search/?q=x",
        "/de/search/",
        "/cart/",
        "/de/checkout/details/",
        "/account/login/",
        "/orders/7/",
        "/admin/",
        "/c/prints/?f-size=A4",
        "/c/prints/?page=2&sort=price",
        "/de/c/prints/?min=3",
    ):
        assert not allowed(rules, path)


def entries(client):
    """{address: lastmod} of all files that the index names."""
    found = {}
    for file in ElementTree.fromstring(client.get("/sitemap.xml").content).iterfind(
        "s:sitemap/s:loc", SITEMAP
    ):
        answer = client.get(file.text.removeprefix("http://testserver"))
        for url in ElementTree.fromstring(answer.getvalue()).iterfind("s:url", SITEMAP):
            found[url.findtext("s:loc", namespaces=SITEMAP)] = url
    return found


def test_the_map_names_all_that_is_public_in_every_language(client, framed, both_languages):
    hidden = make_category("Hidden", is_published=False)
    make_category("Below", parent=hidden)
    draft = make_variant(product=make_product("Draft", published=False)).product
    refreshing.refresh([draft.pk])
    found = entries(client)
    here, there = (f"http://testserver{prefix}/products/contour-no-11/" for prefix in ("", "/de"))
    assert {"http://testserver/", "http://testserver/de/", "http://testserver/c/prints/", here, there} <= set(
        found
    )
    assert not any(word in url for url in found for word in ("draft", "hidden", "below"))
    links = {link.get("hreflang"): link.get("href") for link in found[there].iterfind("x:link", SITEMAP)}
    assert links == {"en": here, "de": there, "x-default": here}
    assert found[here].findtext("s:lastmod", namespaces=SITEMAP)
    assert b"photos/all.webp" in ElementTree.tostring(found[here])


def test_files_are_cut_by_number_and_nothing_is_lost_between_them(client, monkeypatch):
    monkeypatch.setattr(mapping, "MOST", 4)
    for n in range(9):
        make_variant(product=make_product(f"Print {n}"), stock=1)
    refreshing.refresh(Product.objects.values_list("pk", flat=True))
    assert client.get("/sitemap.xml").text.count("<sitemap>") >= 4
    urls = [url for url in entries(client) if url.startswith("http://testserver/products/")]
    assert len(urls) == 9
    numbers = Product.objects.values_list("pk", flat=True)
    name = f"products-{numbers[0] // mapping._per_file()}"
    assert 1 <= client.get(f"/sitemaps/{name}.xml").getvalue().count(b"<url>") <= 4


@pytest.mark.parametrize("name", ["else", "products-x", "products-", "products-99999999999", "products-٣"])
def test_a_file_that_never_was_is_not_found(client, name):
    assert client.get(f"/sitemaps/{name}.xml").status_code == 404
