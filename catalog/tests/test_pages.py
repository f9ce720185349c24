"""The four public pages: what they show, what they refuse, how often they ask the database, what machines read in them."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from catalog import stock
from catalog.finding import refreshing
from catalog.models import Collection, Hero, Photo, Product, Question, Review
from catalog.products import guides
from catalog.tests.factories import make_category, make_choices, make_product, make_variant
from shop.core.models import Shop

pytestmark = pytest.mark.django_db


def shelf(many, *, category=None, **over):
    """`many` products on sale with everything a card shows."""
    made = []
    for n in range(many):
        product = make_product(f"Print {n:02}", categories=[category] if category else [], position=n)
        variant = make_variant(product=product, stock=9, sku=f"PR-{n:02}", title="A4", **over)
        make_choices(variant, Size="A4")
        Photo.objects.create(
            product=product, file=f"photos/{n}.webp", width=1200, height=1200, widths=[320, 640]
        )
        Review.objects.create(product=product, stars=4, status="published", author="Ada")
        made.append(product)
    refreshing.refresh(product.pk for product in made)
    return made


def asked(client, url):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200
    return len(queries)


def data_of(response, kind):
    """The structured data of one type in a page."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.text, re.S)
    return next(data for data in map(json.loads, found) if data["@type"] == kind)


def offer_of(response, sku):
    variants = data_of(response, "ProductGroup")["hasVariant"]
    return next(variant["offers"] for variant in variants if variant["sku"] == sku)


# --- All of them ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "most"),
    [
        ("/", 6),
        ("/c/prints/", 6),
        ("/search/?q=print", 6),
        ("/collections/row/", 6),
        ("/products/print-00/", 6),
        ("/de/", 6),
        ("/de/c/prints/", 6),
        ("/de/products/print-00/", 6),
    ],
)
def test_a_page_asks_as_often_for_4_products_as_for_48_and_stays_within_its_budget(client, url, most):
    prints = make_category("Prints", in_menu=True)
    Shop.objects.create(pk=1)
    for photo in (1, 2):
        picture = Photo.objects.create(file=f"photos/hero-{photo}.webp", width=2000, height=900)
        Hero.objects.create(photo=picture, heading=f"Hero {photo}", link="/c/prints/", link_label="See")
    shelf(4, category=prints, compare_at_minor=3900)
    guides.guides()  # kept for a minute, as pages are
    Collection.objects.create(name="Row", slug="row", kind="rule", rule={"in_stock": True}, on_home=True)
    client.get(url)  # the menu and what is known of delivery are kept for half a minute
    few = asked(client, url)
    shelf_more(44, category=prints)
    assert asked(client, url) == few <= most


def shelf_more(many, *, category):
    made = []
    for n in range(100, 100 + many):
        product = make_product(f"Print {n}", categories=[category], position=n)
        make_variant(product=product, stock=9, compare_at_minor=3900)
        made.append(product)
    refreshing.refresh(product.pk for product in made)
    return made


@pytest.mark.parametrize("url", ["/", "/c/prints/", "/products/print-00/", "/search/?q=print"])
def test_anonymous_pages_are_the_same_for_everybody_and_may_be_kept(client, url):
    shelf(2, category=make_category("Prints"))
    response = client.get(url)
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=30, stale-while-revalidate=30"
    assert not response.cookies and "csrfmiddlewaretoken" not in response.text
    assert client.get(url, headers={"if-none-match": response["ETag"]}).status_code == 304


@pytest.mark.parametrize("url", ["/", "/c/prints/", "/products/print-00/"])
def test_pages_name_their_own_address_without_parameters(client, url):
    shelf(2, category=make_category("Prints"))
    page = client.get(f"{url}?utm_source=letter")
    assert f'<link rel="canonical" href="http://testserver{url}">' in page.text
    assert page.text.count("<h1") == 1


# --- Home ----------------------------------------------------------------------------------------------------


def test_home_without_products_says_so_and_hides_empty_rows(client):
    page = client.get("/").text
    assert "The shelves are being filled" in page and "Most popular" not in page
    shelf(1)
    assert "Most popular" not in client.get("/").text
    shelf_more(1, category=make_category())
    assert "Most popular" in client.get("/").text


def test_home_opens_with_a_picture_and_loads_it_first(client):
    photo = Photo.objects.create(
        file="photos/sofa.webp", width=2000, height=900, widths=[320, 640], alt="A sofa"
    )
    Hero.objects.create(photo=photo, heading="One number", link="/c/prints/", link_label="Browse")
    page = client.get("/").text
    image = re.search(r"<img[^>]*sofa[^>]*>", page)[0]
    assert 'fetchpriority="high"' in image and "/media/photos/sofa-640w.webp 640w" in image
    assert 'alt="A sofa"' in image and 'width="2000"' in image and 'height="900"' in image


def test_home_tells_machines_who_sells(client):
    Shop.objects.create(pk=1, name="Isoline", email="hello@isoline.example", return_days=30)
    data = data_of(client.get("/"), "OnlineStore")
    assert data["name"] == "Isoline" and data["hasMerchantReturnPolicy"]["merchantReturnDays"] == 30


def test_home_pictures_lead_to_pages_in_the_visitors_language(client):
    photo = Photo.objects.create(file="photos/sofa.webp", width=2000, height=900)
    Hero.objects.create(photo=photo, heading="One number", link="/c/prints/", link_label="Browse")
    assert 'href="/de/c/prints/"' in client.get("/de/").text


# --- Category ------------------------------------------------------------------------------------------------


def test_a_category_shows_the_products_of_all_branches_below(client):
    prints = make_category("Prints")
    terrain = make_category("Terrain", parent=prints)
    shelf(2, category=terrain)
    page = client.get("/c/prints/")
    assert "Print 00" in page.text and "2 products" in page.text and 'href="/c/terrain/"' in page.text
    crumbs = data_of(client.get("/c/terrain/"), "BreadcrumbList")["itemListElement"]
    assert [crumb["name"] for crumb in crumbs] == ["Home", "Prints", "Terrain"]
    assert crumbs[1]["item"] == "http://testserver/c/prints/"


def test_a_category_that_is_not_published_or_lies_below_one_is_not_found(client):
    hidden = make_category("Hidden", is_published=False)
    make_category("Below", parent=hidden)
    for slug in ("hidden", "below", "nothing"):
        assert client.get(f"/c/{slug}/").status_code == 404


def test_pages_of_24_are_real_links_and_a_page_beyond_the_end_is_the_last(client):
    shelf_more(50, category=make_category("Prints"))
    first, last = client.get("/c/prints/"), client.get("/c/prints/?page=99")
    assert first.text.count('<article class="card') == 24 and "1 to 24 of 50 products" in first.text
    assert 'href="?page=3"' in first.text
    assert last.text.count('<article class="card') == 2 and "49 to 50 of 50 products" in last.text
    assert '<link rel="canonical" href="http://testserver/c/prints/?page=3">' in last.text


def test_an_empty_category_leads_up(client):
    make_category("Leaf", parent=make_category("Prints"))
    page = client.get("/c/leaf/").text
    assert "Nothing here yet" in page and 'href="/c/prints/"' in page


def test_filters_that_leave_nothing_can_be_taken_away_one_by_one(client):
    shelf(3, category=make_category("Prints"))
    page = client.get("/c/prints/?f-size=A4&max=1").text
    assert "Nothing matches all filters" in page and "Popular now" in page
    assert 'href="?f-size=A4"' in page and 'href="?max=1"' in page


def test_robots_are_kept_out_of_lists_filtered_twice_or_sorted(client):
    shelf(3, category=make_category("Prints"))
    robots = '<meta name="robots" content="noindex">'
    assert robots not in client.get("/c/prints/?f-size=A4").text
    assert robots in client.get("/c/prints/?f-size=A4&max=99").text
    assert robots in client.get("/c/prints/?sort=price").text


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=x",
        "page=9999999999999",
        "page=٣",
        "sort=DROP",
        "min=a&max=b",
        "min=1e9999&max=NaN",
        "min=-5",
        "f-size=%00",
        "f-%00=x",
        "f-size=" + "A" * 5000,
        "&".join(f"f-g{n}=x" for n in range(300)),
        "min=٣",
        "f-size=A4&f-size=A4",
        "q=%00",
        "f-=x",
        "min=Infinity",
        "f-size='%22%3E<script>",
    ],
)
def test_nonsense_in_the_address_is_left_out(client, query):
    shelf(1, category=make_category("Prints"))
    for path in ("/c/prints/", "/search/", "/products/print-00/"):
        page = client.get(f"{path}?{query}")
        assert page.status_code == 200 and "<script>" not in page.text


# --- Product -------------------------------------------------------------------------------------------------


@pytest.fixture
def framed():
    """Two sizes, two frames; the large oak one is sold out, a large black one was never made."""
    product = make_product("Contour No. 11", short_description="A map of nowhere.", brand="Isoline")
    variants = {}
    for size, frame, price, pieces in (
        ("A4", "Oak", 2900, 9),
        ("A4", "Black", 3100, 3),
        ("A3", "Oak", 4500, 0),
    ):
        variant = make_variant(
            product=product, sku=f"{size}-{frame}", title=f"{size} / {frame}", price_minor=price, stock=pieces
        )
        make_choices(variant, Size=size, Frame=frame)
        variants[size, frame] = variant
    refreshing.refresh([product.pk])
    return variants


def test_a_product_shows_a_variant_that_can_be_had_and_its_own_price(client, framed):
    page = client.get("/products/contour-no-11/")
    assert "€29.00" in page.text and "In stock" in page.text
    assert f'name="variant" value="{framed["A4", "Oak"].pk}"' in page.text
    assert 'action="/cart/lines/"' in page.text


def test_the_address_of_a_variant_shows_that_variant(client, framed):
    page = client.get("/products/contour-no-11/?variant=A4-Black")
    assert "€31.00" in page.text and "Only 3 left" in page.text
    assert offer_of(page, "A4-Black")["price"] == "31.00"


def test_choices_lead_to_the_address_of_the_variant(client, framed):
    answer = client.get("/products/contour-no-11/?size=A4&frame=Black")
    assert answer.status_code == 302 and answer["Location"] == "/products/contour-no-11/?variant=A4-Black"


def test_a_combination_that_was_never_made_gives_way_to_the_nearest(client, framed):
    answer = client.get("/products/contour-no-11/?size=A3&frame=Black")
    assert answer["Location"] == "/products/contour-no-11/?variant=A4-Black"


def test_what_is_sold_out_can_be_seen_but_not_bought(client, framed):
    page = client.get("/products/contour-no-11/?variant=A3-Oak")
    assert page.status_code == 200 and "€45.00" in page.text
    assert "data-stepper" not in page.text and "Others are still there" in page.text
    assert offer_of(page, "A3-Oak")["availability"].endswith("OutOfStock")
    assert 'A3<span class="vh"> (sold out)</span>' in page.text


def test_an_unknown_variant_shows_the_product(client, framed):
    assert "€29.00" in client.get("/products/contour-no-11/?variant=NOPE").text


def test_sizes_of_clothes_are_never_chosen_beforehand(client):
    product = make_product("Overprint Tee")
    for size in ("S", "M"):
        make_choices(
            make_variant(product=product, sku=f"TEE-{size}", title=size, stock=4), must_choose=True, Size=size
        )
    refreshing.refresh([product.pk])

    page = client.get("/products/overprint-tee/")
    assert "/cart/lines/" not in page.text and 'name="missing"' in page.text
    refused = client.get("/products/overprint-tee/?missing=1")
    assert "Choose a size." in refused.text and "<title>Error:" in refused.text
    chosen = client.get("/products/overprint-tee/?size=M&missing=1", follow=True)
    assert chosen.redirect_chain[0][0].endswith("?variant=TEE-M") and 'action="/cart/lines/"' in chosen.text


def test_stock_and_price_are_those_of_this_moment(client, framed):
    variant = framed["A4", "Oak"]
    stock.reserve({variant.pk: 8}, holder="checkout:1", minutes=15)
    variant.price_minor = 2500
    variant.save()
    page = client.get("/products/contour-no-11/?variant=A4-Oak").text
    assert "Only 1 left" in page and "€25.00" in page and 'max="1"' in page


def test_a_draft_is_not_found(client, framed):
    Product.objects.update(status="draft")
    assert client.get("/products/contour-no-11/").status_code == 404


def test_a_product_whose_last_variant_was_withdrawn_is_not_found(client, framed):
    for variant in framed.values():
        variant.is_active = False
        variant.save()
    assert client.get("/products/contour-no-11/").status_code == 404


def test_a_name_cannot_break_out_of_the_page_or_its_data(client):
    name = '</script><script>alert("x")</script>'
    product = make_product(name, slug="evil", short_description=name)
    make_variant(product=product, stock=1)
    refreshing.refresh([product.pk])
    page = client.get("/products/evil/")
    assert name not in page.text and escape(name) in page.text
    assert data_of(page, "Product")["name"] == name


def test_answered_questions_and_facts_stand_on_the_page(client, framed):
    variant = framed["A4", "Oak"]
    Question.objects.create(
        product=variant.product, text="Is it heavy?", answer="Not at all.", answered_by="Isoline"
    )
    variant.width_mm, variant.height_mm, variant.depth_mm, variant.weight_g = 337, 460, 25, 2160
    variant.save()
    refreshing.refresh([variant.product_id])
    page = client.get("/products/contour-no-11/").text
    assert "Is it heavy?" in page and "Not at all." in page
    assert "33.7 × 46 × 2.5 cm" in page and "2.16 kg" in page
    assert "33,7 × 46 × 2,5 cm" in client.get("/de/products/contour-no-11/").text


def test_related_products_are_the_picked_ones_then_the_neighbours(client):
    prints = make_category("Prints")
    first, _second, third = shelf(3, category=prints)
    first.related.create(other=third, position=0)
    page = client.get("/products/print-00/").text
    row, below = page.split("Goes with it")[1].split("</section>")[:2]
    assert "Print 02" in row and "Print 01" not in row and "Print 00" not in row
    assert "Similar" in below and "Print 01" in below and "Print 02" not in below
