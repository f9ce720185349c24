"""A member of a customer group sees and pays his prices everywhere; everybody else's pages stay the same for all."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cart.adding import add_line, change_currency
from cart.models import Cart
from cart.totals import totals
from catalog.finding import refreshing
from catalog.models import ListPrice, PriceList
from catalog.prices.reading import forget_rules
from catalog.tests.factories import make_category, make_group, make_price_list, make_product, make_variant
from checkout.quoting import quote
from checkout.starting import start_checkout
from checkout.tests.factories import make_tax, make_zone
from shop.core.models import Shop
from shop.tests.people import ada, eve

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug():
    Shop.objects.create(pk=1, other_currencies=["CHF"])
    product = make_product("Contour Mug", categories=[make_category("Mugs")])
    variant = make_variant(product=product, sku="MUG", price_minor=2900, stock=40)
    make_price_list(
        "Trade", group=make_group("trade customers", ada()), prices={variant: {1: 2600, 10: 2400}}
    )
    refreshing.refresh([product.pk])
    return variant


def cart_of(person, variant, quantity):
    cart = Cart.objects.create(user=person)
    add_line(cart, variant=variant, quantity=quantity)
    return cart


PAGES = ["/", "/c/mugs/", "/search/?q=mug", "/products/contour-mug/"]


@pytest.mark.parametrize("url", PAGES[1:])
def test_a_member_sees_his_price_and_nobody_keeps_that_page(client, mug, url):
    before = client.get(url)
    client.force_login(ada())
    mine = client.get(url)
    assert "€26.00" in mine.text and "Price for trade customers" in mine.text
    assert mine["Cache-Control"] == "private, no-store"
    client.logout()
    client.cookies.clear()
    after = client.get(url)
    assert after["ETag"] == before["ETag"] and "€29.00" in after.text and "trade" not in after.text


def test_who_is_signed_in_without_a_group_sees_what_everybody_sees(client, mug):
    client.force_login(eve())
    assert "€29.00" in client.get("/products/contour-mug/").text


def test_a_member_reads_from_how_many_pieces_it_costs_less(client, mug):
    client.force_login(ada())
    assert "from 10: <strong>€24.00</strong>" in client.get("/products/contour-mug/").text


def test_more_products_ask_no_more_for_a_member(client, mug, django_assert_max_num_queries):
    client.force_login(ada())
    client.get("/c/mugs/")  # the lists are in the cache now
    asked = []
    for _ in range(2):
        with django_assert_max_num_queries(20) as queries:
            client.get("/c/mugs/")
        asked.append(len(queries))
        made = [make_variant(product=make_product(categories=mug.product.categories.all())) for _ in range(9)]
        refreshing.refresh(variant.product_id for variant in made)
    assert asked[0] == asked[1]


@pytest.mark.parametrize(("person", "quantity", "unit"), [(ada, 9, 2600), (ada, 10, 2400), (eve, 10, 2900)])
def test_cart_and_checkout_ask_for_the_same_price(mug, person, quantity, unit):
    make_tax(), make_zone()
    cart = cart_of(person(), mug, quantity)
    shown = totals(cart).lines[0]
    assert shown.unit.minor == unit and not shown.notice
    checkout = start_checkout(cart, user=person())
    assert quote(checkout).lines[0].unit_minor == unit


def test_who_can_have_fewer_pays_the_price_of_fewer(mug):
    cart = cart_of(ada(), mug, 10)
    mug.stock_items.update(on_hand=4)
    line = totals(cart).lines[0]
    assert (line.quantity, line.unit.minor) == (4, 2600)


def test_a_price_that_changes_meanwhile_is_told_and_changes_the_fingerprint(mug):
    make_tax(), make_zone()
    cart = cart_of(ada(), mug, 10)
    checkout = start_checkout(cart, user=ada())
    agreed = quote(checkout).fingerprint
    assert quote(checkout).fingerprint == agreed
    ListPrice.objects.filter(from_quantity=10).update(price_minor=2500)
    assert quote(checkout).fingerprint != agreed
    assert "risen from €24.00 to €25.00" in totals(cart).lines[0].notice


def test_a_sale_that_ends_meanwhile_changes_the_fingerprint(mug):
    make_tax(), make_zone()
    sale = make_price_list("Sale", is_sale=True, prices={mug: 2000})
    checkout = start_checkout(cart_of(eve(), mug, 1), user=eve())
    agreed = quote(checkout)
    assert agreed.lines[0].unit_minor == 2000
    PriceList.objects.filter(pk=sale.pk).update(ends_at=timezone.now() - timedelta(seconds=1))
    forget_rules()
    again = quote(checkout)
    assert again.lines[0].unit_minor == 2900 and again.fingerprint != agreed.fingerprint


def test_a_cart_in_another_currency_counts_what_is_sold_in_it(mug):
    swiss = make_variant(price_minor=1000, stock=5)
    make_price_list("Swiss", currency="CHF", prices={swiss: 1100})
    cart = cart_of(eve(), mug, 1)
    add_line(cart, variant=swiss, quantity=2)
    assert [line.variant_id for line in change_currency(cart, currency="CHF")] == [mug.pk]
    found = totals(Cart.objects.get(pk=cart.pk))
    assert found.currency == "CHF" and found.goods.minor == 2200
    assert [line.notice for line in found.lines] == ["Not sold in CHF. It is not counted.", ""]


def choose(client, currency, **headers):
    sent = {"sec-fetch-site": "same-origin", "referer": "http://testserver/products/contour-mug/"} | headers
    return client.post("/currency/", {"currency": currency}, headers=sent)


def test_a_visitor_chooses_his_currency_and_his_cart_follows(client, mug):
    make_price_list("Swiss", currency="CHF", prices={mug: 3100})
    assert 'value="CHF"' in client.get("/products/contour-mug/").text
    client.post("/cart/lines/", {"variant": mug.pk, "quantity": 2}, headers={"sec-fetch-site": "same-origin"})

    answer = choose(client, "CHF")
    assert answer.status_code == 303 and answer["Location"] == "/products/contour-mug/"
    mine = client.get("/products/contour-mug/")
    assert "CHF" in mine.text and "31.00" in mine.text and mine["Cache-Control"] == "private, no-store"
    assert totals(Cart.objects.get()).goods.minor == 6200

    choose(client, "EUR")
    assert "€29.00" in client.get("/products/contour-mug/").text
    assert totals(Cart.objects.get()).goods.minor == 5800


def test_what_is_not_sold_in_the_currency_is_named_on_page_list_and_cart(client, mug):
    client.post("/cart/lines/", {"variant": mug.pk, "quantity": 1}, headers={"sec-fetch-site": "same-origin"})
    choose(client, "CHF")
    assert "Contour Mug is not sold in CHF" in client.get("/products/contour-mug/").text
    assert "Not sold in CHF" in client.get("/c/mugs/").text
    assert "Not sold in CHF, and not counted in your cart: Contour Mug" in client.get("/cart/").text
    again = client.post(
        "/cart/lines/", {"variant": mug.pk, "quantity": 1}, headers={"sec-fetch-site": "same-origin"}
    )
    assert again.status_code == 422 and "is not sold in CHF" in again.text


@pytest.mark.parametrize("currency", ["USD", "", "chf", "x" * 5000])
def test_a_currency_that_is_not_offered_changes_nothing(client, mug, currency):
    answer = choose(client, currency, referer="https://elsewhere.example/trap/")
    assert answer["Location"] == "/" and not answer.cookies
    client.cookies["currency"] = currency[:50]
    assert "€29.00" in client.get("/products/contour-mug/").text
