import pytest

from catalog.checks import old_slugs
from catalog.finding import refreshing
from catalog.models import Category, OldSlug, Product
from catalog.tests.factories import make_category, make_product, make_variant

pytestmark = pytest.mark.django_db


def on_sale(name):
    product = make_variant(product=make_product(name), stock=3).product
    refreshing.refresh([product.pk])
    return product


def move(thing, slug):
    type(thing).objects.filter(pk=thing.pk).update(slug=slug)


def leads_to(client, path):
    answer = client.get(path)
    assert answer.status_code == 301
    return answer["Location"]


def test_an_old_address_leads_to_the_present_one_for_good(client):
    move(on_sale("Teapot"), "blue-teapot")
    assert leads_to(client, "/products/teapot/?utm=mail&a=1") == "/products/blue-teapot/?utm=mail&a=1"
    assert leads_to(client, "/de/products/teapot/") == "/de/products/blue-teapot/"


def test_a_chain_of_changes_is_one_step(client):
    teapot = on_sale("Teapot")
    for slug in ("two", "three", "four"):
        move(teapot, slug)
    for slug in ("teapot", "two", "three"):
        assert leads_to(client, f"/products/{slug}/") == "/products/four/"


def test_going_back_and_being_taken_by_another_end_the_redirect(client):
    teapot = on_sale("Teapot")
    move(teapot, "two")
    move(teapot, "teapot")
    assert [row.slug for row in OldSlug.objects.all()] == ["two"]
    move(teapot, "three")
    on_sale("Two")
    assert client.get("/products/two/").status_code == 200
    assert sorted(row.slug for row in OldSlug.objects.all()) == ["teapot"]
    assert not list(old_slugs())


def test_two_products_may_swap_their_addresses():
    one, two = on_sale("One"), on_sale("Two")
    move(one, "aside")
    move(two, "one")
    move(one, "two")
    assert dict(OldSlug.objects.values_list("slug", "product")) == {"aside": one.pk}
    assert not list(old_slugs())


def test_what_is_not_on_sale_is_not_found(client):
    teapot = on_sale("Teapot")
    move(teapot, "two")
    Product.objects.filter(pk=teapot.pk).update(status="draft")
    assert client.get("/products/teapot/").status_code == 404
    assert client.get("/products/never/").status_code == 404


def test_categories_move_too_and_do_not_meet_products(client):
    mugs = make_category("Mugs")
    make_product("Mugs")
    move(mugs, "cups")
    assert leads_to(client, "/c/mugs/?page=2") == "/c/cups/?page=2"
    Category.objects.filter(pk=mugs.pk).update(is_published=False)
    assert client.get("/c/mugs/").status_code == 404


def test_the_check_finds_an_address_that_is_both():
    teapot = on_sale("Teapot")
    OldSlug.objects.create(slug="teapot", product=teapot)
    assert list(old_slugs()) == ["teapot is an address in use and an old one"]
