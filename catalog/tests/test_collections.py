from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.finding import grouping, refreshing
from catalog.models import Collection, CollectionItem, Product, Review
from catalog.tests.factories import make_category, make_choices, make_product, make_variant
from shop.tests.people import grace

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    """Blue and Red in prints, Old in mugs; only Red is reduced, only Blue was rated, Old is sold out."""
    prints, mugs = make_category("Prints"), make_category("Mugs")
    rows = {
        "Blue": (prints, 1000, 5, None, "Isoline", 1),
        "Red": (prints, 2000, 5, 2500, "isoline", 5),
        "Old": (mugs, 3000, 0, None, "Other", 90),
    }
    for name, (category, price, pieces, was, brand, days) in rows.items():
        moment = timezone.now() - timedelta(days=days)
        product = make_product(name, categories=[category], brand=brand, published_at=moment)
        variant = make_variant(product=product, price_minor=price, compare_at_minor=was, stock=pieces)
        make_choices(variant, Colour=name)
    Review.objects.create(
        product=Product.objects.get(name="Blue"), stars=5, status="published", author="Ada", title="Yes"
    )
    refreshing.refresh(Product.objects.values_list("pk", flat=True))
    return prints


def by_rule(**rule) -> Collection:
    return Collection.objects.create(name="Rule", slug="rule", kind="rule", rule=rule)


def names(collection) -> set[str]:
    return set(grouping.products_in(collection).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ({"tokens": ["colour:Blue", "colour:Red"]}, {"Blue", "Red"}),
        ({"tokens": ["colour:Blue"], "price_min": 2000}, set()),
        ({"price_min": 1500}, {"Red", "Old"}),
        ({"price_max": 2000}, {"Blue", "Red"}),
        ({"reduced": True}, {"Red"}),
        ({"in_stock": True}, {"Blue", "Red"}),
        ({"new_days": 3}, {"Blue"}),
        ({"rating": 4}, {"Blue"}),
        ({"brand": "ISOLINE"}, {"Blue", "Red"}),
    ],
)
def test_a_rule_finds_what_fits_all_its_parts(shelf, rule, found):
    assert names(by_rule(**rule)) == found


def test_a_rule_of_a_category_takes_what_lies_below_too(shelf):
    terrain = make_category("Terrain", parent=shelf)
    product = make_product("Low", categories=[terrain])
    make_variant(product=product, stock=1)
    refreshing.refresh([product.pk])
    assert names(by_rule(category=shelf.pk)) == {"Blue", "Red", "Low"}


def test_a_collection_by_rule_stays_live(client, shelf):
    by_rule(reduced=True)
    assert "Red" in client.get("/collections/rule/").text
    blue = Product.objects.get(name="Blue")
    blue.variants.update(compare_at_minor=1500)
    refreshing.refresh([blue.pk])
    page = client.get("/collections/rule/").text
    assert "2 products" in page and ">Blue<" in page


def pick(*names) -> Collection:
    collection = Collection.objects.create(name="Gifts", slug="gifts", on_home=True)
    for position, name in enumerate(names):
        CollectionItem.objects.create(
            collection=collection, product=Product.objects.get(name=name), position=position
        )
    return collection


def test_what_is_picked_by_hand_stands_in_that_order_until_somebody_sorts(client, shelf):
    pick("Red", "Blue")
    page = client.get("/collections/gifts/").text
    assert page.index("/products/red/") < page.index("/products/blue/") and "Our order" in page
    sorted_page = client.get("/collections/gifts/?sort=price").text
    assert sorted_page.index("/products/blue/") < sorted_page.index("/products/red/")
    filtered = client.get("/collections/gifts/?f-colour=Blue").text
    assert "1 product" in filtered and "/products/red/" not in filtered


def test_home_shows_a_collection_of_two_or_more_as_a_row(client, shelf):
    collection = pick("Red")
    assert "Gifts" not in client.get("/").text
    CollectionItem.objects.create(collection=collection, product=Product.objects.get(name="Blue"), position=5)
    row = client.get("/").text.split("Gifts", 1)[1]
    assert 'href="/collections/gifts/"' in row and row.index("/products/red/") < row.index("/products/blue/")


def test_what_is_not_published_or_empty(client, shelf):
    collection = pick()
    assert "Nothing here yet" in client.get("/collections/gifts/").text
    assert "/collections/gifts/" in client.get("/sitemaps/shop.xml").getvalue().decode()
    collection.is_published = False
    collection.save()
    assert client.get("/collections/gifts/").status_code == 404
    assert "/collections/gifts/" not in client.get("/sitemaps/shop.xml").getvalue().decode()


# --- The seller's screen -------------------------------------------------------------------------------------

EMPTY_INLINE = {f"items-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}


def post(client, **fields):
    base = {"name": "Sale", "slug": "sale", "kind": "rule", "position": 0, "is_published": "on"}
    return client.post(reverse("admin:catalog_collection_add"), base | EMPTY_INLINE | fields)


def test_a_seller_writes_a_rule_and_sees_what_it_finds_now(client, shelf):
    client.force_login(grace())
    answer = post(client, tokens="colour:Red, colour:Blue", price_min="15", category=shelf.pk, reduced="on")
    assert answer.status_code == 302
    collection = Collection.objects.get()
    assert collection.rule == {
        "tokens": ["colour:Red", "colour:Blue"], "price_min": 1500, "category": shelf.pk, "reduced": True
    }  # fmt: skip
    page = client.get(reverse("admin:catalog_collection_change", args=[collection.pk])).text
    assert "1 product" in page and "Red, €20.00" in page and "colour:Red, colour:Blue" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Say at least one thing"),
        ({"tokens": "blue"}, "a colon and its value"),
        ({"price_min": "20", "price_max": "10"}, "below the lowest price"),
        ({"new_days": "0"}, "greater than or equal to 1"),
        ({"price_min": "x"}, "Enter a number"),
        ({"tokens": ",".join(f"size:{n}" for n in range(31))}, "at most 30"),
    ],
)
def test_a_rule_that_says_nothing_or_nonsense_is_refused_beside_its_field(client, shelf, fields, words):
    client.force_login(grace())
    answer = post(client, **fields)
    assert answer.status_code == 200 and words in answer.text and not Collection.objects.exists()
