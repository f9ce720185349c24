import pytest
from django.test import Client

from cart import wishing
from cart.models import Cart, CartLine, Wishlist, WishlistEntry
from cart.tests.test_answers import make_sign
from catalog.finding.refreshing import refresh
from catalog.tests.factories import make_variant
from shop.core.http import SAME_ORIGIN_VIEWS

pytestmark = pytest.mark.django_db
OURS = {"sec-fetch-site": "same-origin"}


def wish(client, variant, headers=None, **fields):
    data = {"variant": getattr(variant, "pk", variant)} | fields
    return client.post("/wishlists/entries/", data, headers=OURS | (headers or {}))


def by_heart(client, variant, wanted):
    return wish(client, variant, wanted=wanted, headers={"x-fragment": "heart"})


def test_the_heart_is_on_the_cached_page_and_says_nothing_personal(client):
    teapot = make_variant(stock=5)
    refresh([teapot.product_id])
    page = client.get(teapot.product.get_absolute_url())
    assert page["Cache-Control"].startswith("public")
    assert 'aria-pressed="false"' in page.content.decode() and 'data-wished=""' in page.content.decode()
    assert "cart.views.wishes.wish" in SAME_ORIGIN_VIEWS


def test_without_scripts_a_guest_saves_and_sees_the_list(client):
    teapot = make_variant(stock=5)
    answer = wish(client, teapot)
    assert (answer.status_code, answer["Location"]) == (303, "/wishlists/")
    page = client.get("/wishlists/")
    assert teapot.product.name in page.content.decode() and page["Cache-Control"] == "private, no-store"
    assert f'data-wished="{teapot.pk}"' in client.get("/visitor/").content.decode()


def test_by_script_the_heart_goes_on_and_off(client):
    teapot = make_variant(stock=5)
    assert f'data-wished="{teapot.pk}"' in by_heart(client, teapot, "yes").content.decode()
    assert 'data-wished=""' in by_heart(client, teapot, "no").content.decode()
    assert by_heart(client, 10**11, "yes").status_code == 422


def test_taking_off_makes_no_cart(client):
    by_heart(client, make_variant(stock=5), "no")
    assert not Cart.objects.exists()


def test_only_our_own_pages_may_save():
    client = Client(enforce_csrf_checks=True)
    data = {"variant": make_variant(stock=5).pk}
    hostile = {"sec-fetch-site": "cross-site"}
    assert client.post("/wishlists/entries/", data, headers=hostile).status_code == 403
    assert client.post("/wishlists/entries/", data, headers=OURS).status_code == 303
    entry = WishlistEntry.objects.get()
    for path in (f"entries/{entry.pk}/removal/", f"{entry.wishlist_id}/removal/"):
        assert client.post(f"/wishlists/{path}", headers=OURS).status_code == 403
    assert WishlistEntry.objects.exists()


def test_anothers_lists_and_entries_do_not_exist(client):
    wish(Client(), make_variant(stock=5))
    entry = WishlistEntry.objects.get()
    wish(client, make_variant(stock=5))
    mine = WishlistEntry.objects.exclude(pk=entry.pk).get()
    theirs, ids = entry.wishlist_id, {"list": entry.wishlist_id, "name": "x", "share": "yes"}
    for path in (
        f"entries/{entry.pk}/removal/",
        f"entries/{entry.pk}/moving/",
        f"entries/{entry.pk}/cart/",
        f"entries/{mine.pk}/moving/",  # to a list that is not mine
        f"{theirs}/",
        f"{theirs}/removal/",
        f"{theirs}/sharing/",
        f"{theirs}/cart/",
        f"entries/{10**30}/removal/",
        f"{10**30}/",
    ):
        assert client.post(f"/wishlists/{path}", ids).status_code == 404, path
    assert client.get(f"/wishlists/{theirs}/").status_code == 404
    assert Wishlist.objects.get(pk=theirs).share_token is None and WishlistEntry.objects.count() == 2


def test_a_shared_list_shows_things_and_nothing_of_the_owner(client):
    owner, sign, teapot = Client(), make_sign(), make_variant(stock=5)
    wish(owner, teapot)
    entry = wishing.wish(Cart.objects.get(), variant=sign)
    entry.custom = [{"code": "name", "label": "Name", "value": "Ada", "given": "Ada", "surcharge": 0}]
    entry.save()
    assert owner.post(f"/wishlists/{entry.wishlist_id}/sharing/", {"share": "yes"}).status_code == 303
    token = Wishlist.objects.get().share_token
    assert token in owner.get(f"/wishlists/{entry.wishlist_id}/").content.decode()

    page = client.get(f"/wishlists/shared/{token}/")
    text = page.content.decode()
    assert teapot.product.name in text and "Ada" not in text
    assert "noindex" in text and page["Cache-Control"] == "private, no-store"
    owner.post(f"/wishlists/{entry.wishlist_id}/sharing/", {"share": "no"})
    assert client.get(f"/wishlists/shared/{token}/").status_code == 404
    for wrong in ("None", "%00", "x" * 500):
        assert client.get(f"/wishlists/shared/{wrong}/").status_code == 404


def test_lists_are_made_renamed_filled_into_the_cart_and_deleted(client):
    teapot = make_variant(stock=5)
    wish(client, teapot)
    made = client.post("/wishlists/", {"name": "Gifts <b>"})
    gifts = Wishlist.objects.get(name="Gifts <b>")
    assert made["Location"] == f"/wishlists/{gifts.pk}/"
    client.post(f"/wishlists/entries/{WishlistEntry.objects.get().pk}/moving/", {"list": gifts.pk})
    assert "Gifts &lt;b&gt;" in client.get("/wishlists/").content.decode()
    assert client.post(f"/wishlists/{gifts.pk}/", {"name": "Presents"}).status_code == 303
    assert client.post(f"/wishlists/{gifts.pk}/cart/")["Location"] == "/cart/"
    assert dict(CartLine.objects.values_list("variant", "quantity")) == {teapot.pk: 1}
    client.post(f"/wishlists/{gifts.pk}/removal/")
    assert Wishlist.objects.filter(kind="list").count() == 1


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\x00b", "Wishlist"])
def test_a_bad_name_is_answered_beside_the_field(client, name):
    wish(client, make_variant(stock=5))
    answer = client.post("/wishlists/", {"name": name})
    assert answer.status_code == 422 and 'class="error"' in answer.content.decode()
    assert Wishlist.objects.count() == 1


@pytest.mark.parametrize("variant", ["", "abc", "-1", "9" * 30, "\x00"])
def test_what_does_not_exist_cannot_be_saved(client, variant):
    assert by_heart(client, variant, "yes").status_code == 422
    assert not WishlistEntry.objects.exists()


def test_a_line_is_saved_for_later_and_comes_back(client):
    teapot = make_variant(stock=5)
    client.post("/cart/lines/", {"variant": teapot.pk, "quantity": 2}, headers=OURS)
    client.post(f"/cart/lines/{CartLine.objects.get().pk}/saving/")
    page = client.get("/cart/").content.decode()
    assert "Saved for later" in page and "Your cart is empty" in page and "Move to cart" in page
    assert client.post(f"/wishlists/entries/{WishlistEntry.objects.get().pk}/cart/")["Location"] == "/cart/"
    assert dict(CartLine.objects.values_list("variant", "quantity")) == {teapot.pk: 2}


def test_what_is_made_to_order_asks_its_questions_on_the_way_into_the_cart(client):
    wish(client, make_sign())
    answer = client.post(f"/wishlists/entries/{WishlistEntry.objects.get().pk}/cart/")
    assert answer.status_code == 422 and 'name="custom-name"' in answer.content.decode()


def test_an_empty_page_for_whoever_has_nothing(client):
    assert "Nothing on this list yet" in client.get("/wishlists/").content.decode()
    assert client.post("/cart/restoration/").status_code == 404
