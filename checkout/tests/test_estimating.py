"""What a cart's page says of delivery and tax, and how often it asks the database with all of it."""

import pytest

from catalog.tests.factories import make_variant
from checkout.models import Checkout, ShippingMethod
from checkout.tests.factories import make_tax, make_zone

pytestmark = pytest.mark.django_db


def add(client, variant, quantity=1):
    data = {"variant": variant.pk, "quantity": quantity}
    return client.post("/cart/lines/", data, headers={"sec-fetch-site": "same-origin"})


@pytest.mark.parametrize("many", [1, 12])
def test_asks_as_often_for_one_line_as_for_many(client, many, django_assert_max_num_queries):
    make_tax()
    make_zone()
    for _ in range(many):
        add(client, make_variant(stock=5))
    client.get("/cart/")  # the menu is kept for half a minute
    with django_assert_max_num_queries(12):
        client.get("/cart/")


def test_the_estimate_announces_what_delivery_will_cost(client):
    make_zone()
    add(client, make_variant(stock=5, price_minor=2900))
    page = client.get("/cart/").content.decode()
    assert "€33.90" in page and "€31.00" in page  # with delivery; what lacks to free delivery
    assert "Standard, Austria" in page


def test_the_estimate_for_abroad_is_without_our_tax(client):
    make_tax("AT", "20")
    make_zone("AT", "CA")
    add(client, make_variant(stock=5, price_minor=12000))
    page = client.get("/cart/?country=CA").content.decode()
    assert "€100.00" in page and "without VAT" in page
    assert client.get("/cart/?country=<script>").status_code == 200


def test_what_is_too_heavy_is_told_before_the_checkout(client):
    make_zone()
    add(client, make_variant(stock=5, weight_g=60_000))
    page = client.get("/cart/").content.decode()
    assert "too heavy for our deliveries to Austria" in page and "free-delivery" not in page


def test_a_shop_without_any_delivery_says_so(client):
    add(client, make_variant(stock=5))
    assert "We do not deliver to Austria." in client.get("/cart/").content.decode()


def test_a_postcode_is_read_in_the_countrys_spelling_and_a_wrong_one_told_of(client):
    make_tax("DE", "19")
    make_zone("AT", "DE")
    add(client, make_variant(stock=5, price_minor=11900))
    for method in ShippingMethod.objects.all():
        method.surcharges.create(name="Island", price_minor=1200, postcodes="27498")
    page = client.get("/cart/?country=DE&postcode=d-27498").text
    assert 'name="postcode" value="27498"' in page and "€131.00" in page
    assert "€119.00" in client.get("/cart/?country=DE&postcode=10115").text
    wrong = client.get("/cart/?country=DE&postcode=%3Cb%3E").text
    assert "That is no postcode of Germany." in wrong and "<b>" not in wrong
    assert client.get("/cart/?country=xx&postcode=" + "9" * 500).status_code == 200


def test_what_was_said_in_the_cart_is_filled_in_at_the_checkout(client):
    make_zone()
    add(client, make_variant(stock=5))
    client.post("/checkout/", {"country": "DE", "postcode": "10115"})
    checkout = Checkout.objects.get()
    assert (checkout.country, checkout.postcode) == ("DE", "10115")
    client.post("/checkout/", {"country": "DE", "postcode": "no such"})
    checkout.refresh_from_db()
    assert checkout.postcode == "10115"
