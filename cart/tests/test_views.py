"""The cart over HTTP, as a browser without JavaScript and as the shop's own scripts use it."""

import re

import pytest
from django.conf import settings
from django.test import Client

from cart.models import Cart, CartLine
from catalog.models import Variant
from catalog.tests.factories import make_price_list, make_variant
from shop.accounts.models import User
from shop.core.http import SAME_ORIGIN_VIEWS
from shop.core.models import Page, Shop

pytestmark = pytest.mark.django_db
OURS = {"sec-fetch-site": "same-origin"}


def add(client, variant, quantity=1, headers=None, **fields):
    data = {"variant": getattr(variant, "pk", variant), "quantity": quantity} | fields
    return client.post("/cart/lines/", data, headers=OURS | (headers or {}))


def by_script(client, variant, key, quantity=1):
    return add(client, variant, quantity, idempotency_key=key, headers={"x-fragment": "cart"})


def quantities():
    return dict(CartLine.objects.values_list("variant", "quantity"))


def test_adding_leads_to_the_cart_and_a_guest_gets_a_cookie_but_no_session(client):
    teapot = make_variant(stock=5)
    answer = add(client, teapot, 2)

    assert (answer.status_code, answer["Location"]) == (303, "/cart/")
    cookie = answer.cookies[settings.SHOP_CART_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["max-age"] == 30 * 24 * 3600
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    page = client.get("/cart/")
    assert page["Cache-Control"] == "private, no-store"
    assert teapot.product.name in page.content.decode()


def test_a_guest_with_a_cart_still_gets_the_shared_page(client):
    add(client, make_variant(stock=5))
    client.get("/cart/")
    Page.objects.create(slug="returns", title="Returns", body="<p>30 days.</p>")
    page = client.get("/help/returns/")
    assert page["Cache-Control"].startswith("public")
    assert not page.cookies


def test_by_script_the_answer_is_the_drawer_and_the_same_key_adds_once(client):
    teapot = make_variant(stock=5)
    answer = by_script(client, teapot, "one")
    by_script(client, teapot, "one")
    text = answer.content.decode()

    assert answer.status_code == 200
    assert "drawer-head" in text and 'data-visitor="cart"' in text and "data-announce" in text
    assert quantities() == {teapot.pk: 1}
    assert by_script(client, teapot, "two").status_code == 200
    assert quantities() == {teapot.pk: 2}


def test_by_script_a_refusal_is_a_notice(client):
    answer = by_script(client, make_variant(), "one")
    assert answer.status_code == 422
    assert 'class="notice error"' in answer.content.decode()


@pytest.mark.parametrize(
    "hostile",
    [
        "-1",
        "0",
        "0.1",
        "1e3",
        "0x10",
        "1_0",
        "+1",
        "٣",
        "², ",
        "1\x00",
        "",
        " ",
        "9" * 5000,
        "10000000000",
        "NaN",
        "1 1",
        "x" * 1_000_000,
    ],
)
def test_hostile_quantities_are_form_errors(client, hostile):
    teapot = make_variant(stock=5)
    answer = add(client, teapot, hostile)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Enter a whole number from 1 to 999." in text and "There is a problem" in text
    assert "<title>Error: " in text
    assert quantities() == {}


def test_a_quantity_that_is_sent_twice_is_refused(client):
    teapot = make_variant(stock=5)
    answer = client.post("/cart/lines/", {"variant": teapot.pk, "quantity": ["1", "5"]}, headers=OURS)
    assert answer.status_code == 422 and quantities() == {}


@pytest.mark.parametrize("variant", ["", "abc", "-1", "0", "999999999", "9" * 30, "1' OR 1=1", "\x00"])
def test_what_does_not_exist_cannot_be_added(client, variant):
    assert add(client, variant).status_code == 422
    assert not CartLine.objects.exists()


def test_fields_that_nobody_asked_for_are_ignored(client):
    teapot = make_variant(stock=5, price_minor=2900)
    add(client, teapot, price_minor="1", total="0", user="1", seen_minor="1")
    assert CartLine.objects.get().seen_minor == 2900 and Cart.objects.get().user is None


def test_only_our_own_pages_may_add():
    client = Client(enforce_csrf_checks=True)
    teapot = make_variant(stock=5)
    data = {"variant": teapot.pk, "quantity": 1}
    assert client.post("/cart/lines/", data, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post("/cart/lines/", data, headers={"origin": "https://evil.example"}).status_code == 403
    assert quantities() == {}
    assert client.post("/cart/lines/", data, headers=OURS).status_code == 303
    line = CartLine.objects.get()
    assert client.post(f"/cart/lines/{line.pk}/", {"quantity": 3}, headers=OURS).status_code == 403
    assert "cart.views.lines.add" in SAME_ORIGIN_VIEWS


def test_a_browser_that_says_nothing_of_its_origin_gets_the_form_again_with_a_token():
    client = Client(enforce_csrf_checks=True)
    teapot = make_variant(stock=5)
    page = client.post("/cart/lines/", {"variant": teapot.pk, "quantity": 2})
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]
    again = {"variant": teapot.pk, "quantity": 2, "csrfmiddlewaretoken": token}
    assert client.post("/cart/lines/", again).status_code == 303
    assert quantities() == {teapot.pk: 2}


def test_changing_removing_and_taking_it_back(client):
    teapot = make_variant(stock=5)
    add(client, teapot, 2)
    line = CartLine.objects.get()
    assert client.post(f"/cart/lines/{line.pk}/", {"quantity": "4"})["Location"] == "/cart/"
    assert quantities() == {teapot.pk: 4}

    answer = client.post(f"/cart/lines/{line.pk}/removal/")
    assert answer.status_code == 303 and quantities() == {}
    page = client.get(answer["Location"]).content.decode()
    assert "is no longer in your cart" in page and "Undo" in page
    assert client.post("/cart/restoration/").status_code == 303
    assert quantities() == {teapot.pk: 4}
    client.post("/cart/restoration/")
    assert quantities() == {teapot.pk: 4}  # a second press brings nothing more
    assert "Undo" not in client.get(answer["Location"]).content.decode()


def test_zero_takes_the_line_out(client):
    add(client, make_variant(stock=5))
    answer = client.post(f"/cart/lines/{CartLine.objects.get().pk}/", {"quantity": "0"})
    assert "removed=" in answer["Location"] and quantities() == {}


@pytest.mark.parametrize("hostile", ["-1", "1e3", "٣", "", "1000"])
def test_a_line_cannot_be_changed_to_nonsense(client, hostile):
    teapot = make_variant(stock=5)
    add(client, teapot, 2)
    line = CartLine.objects.get()
    answer = client.post(f"/cart/lines/{line.pk}/", {"quantity": hostile})
    assert answer.status_code == 422
    assert f'href="#quantity-{line.pk}"' in answer.content.decode()
    assert quantities() == {teapot.pk: 2}


def test_more_than_there_is_is_told(client):
    add(client, make_variant(stock=3), 9)
    assert "Only 3 pieces of" in client.get("/cart/").content.decode()


def test_anothers_line_does_not_exist(client):
    add(Client(), make_variant(stock=5))
    line = CartLine.objects.get()
    add(client, make_variant(stock=5))
    for path in (f"/cart/lines/{line.pk}/", f"/cart/lines/{line.pk}/removal/", f"/cart/lines/{10**30}/"):
        assert client.post(path, {"quantity": "2"}).status_code == 404
    assert CartLine.objects.filter(pk=line.pk).exists()


def test_emptying(client):
    add(client, make_variant(stock=5))
    answer = client.post("/cart/emptying/")
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    assert "Your cart is empty" in page and "Undo" in page
    client.post("/cart/restoration/")
    assert list(quantities().values()) == [1]


def test_a_withdrawn_product_does_not_break_the_page(client):
    teapot = make_variant(stock=5)
    add(client, teapot)
    Variant.objects.filter(pk=teapot.pk).update(is_active=False)
    page = client.get("/cart/").content.decode()
    assert "No longer on sale. It is not counted." in page


def test_a_deleted_product_leaves_the_cart(client):
    teapot = make_variant()
    Cart.objects.create().lines.create(variant=teapot, quantity=1, seen_minor=1)
    teapot.delete()
    assert client.get("/cart/").status_code == 200 and not CartLine.objects.exists()


def test_what_the_header_says(client):
    assert client.get("/visitor/").content.decode().count("cart-count") == 0
    add(client, make_variant(stock=5), 3)
    answer = client.get("/visitor/")
    assert "3 items" in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    assert client.get("/de/visitor/").status_code == 200


def test_signing_in_brings_the_cart_along_and_drops_the_cookie(client):
    teapot = make_variant(stock=5)
    add(client, teapot, 2)
    ada = User.objects.create_user("ada@example.com", name="Ada Lovelace")
    client.force_login(ada)

    answer = client.get("/visitor/")

    assert "2 items" in answer.content.decode() and "Account of Ada" in answer.content.decode()
    assert answer.cookies[settings.SHOP_CART_COOKIE_NAME].value == ""
    assert Cart.objects.get().user == ada


def test_how_far_it_is_to_free_delivery_is_said_in_the_shops_currency_alone(client):
    teapot = make_variant(stock=5, price_minor=2900)
    make_price_list(currency="CHF", prices={teapot: 3100})
    Shop.objects.create(pk=1, free_delivery_from_minor=6000, other_currencies=["CHF"])
    assert "€31.00" in by_script(client, teapot, "one").text
    Cart.objects.update(currency="CHF")
    assert "to free delivery" not in by_script(client, teapot, "two").text
