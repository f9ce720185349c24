"""What is remembered of a visitor: for his own rows only, not against his will, not for ever."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog import recommending
from catalog.finding import refreshing
from catalog.models import Looked, Profile, Searched
from catalog.recommendations import remembering
from catalog.tests.factories import make_category, make_product, make_variant
from shop.tests.people import ada

pytestmark = pytest.mark.django_db
HERE = {"sec-fetch-site": "same-origin"}
ROWS, LOOKS, PAGE = "/for-you/rows/", "/for-you/looks/", "/for-you/"


@pytest.fixture
def shelf():
    """Four of a kind, worked out; {name: product}."""
    kitchen, made = make_category("Kitchen"), {}
    for position, name in enumerate(("Pot", "Cup", "Tea", "Vase")):
        made[name] = make_product(name, categories=[kitchen], position=position)
        make_variant(product=made[name], stock=5)
    refreshing.refresh(product.pk for product in made.values())
    recommending.recommend()
    return made


def look(client, *products, words=(), **headers):
    data = {"product": [product.pk for product in products], "q": list(words)}
    return client.post(LOOKS, data, headers=HERE | headers)


def test_reading_a_page_writes_nothing_and_leaves_no_cookie(client, shelf):
    for url in ("/", "/products/pot/", "/search/?q=pot", ROWS):
        assert not client.get(url).cookies
    assert not Profile.objects.exists() and client.get(ROWS).status_code == 204


def test_who_looked_sees_it_again_and_what_is_like_it_with_the_reason(client, shelf):
    answer = look(client, shelf["Pot"], shelf["Cup"])
    assert answer.status_code == 204 and answer.cookies[settings.SHOP_TASTE_COOKIE_NAME]["httponly"]
    rows = client.get(f"{ROWS}?product={shelf['Cup'].pk}")
    assert rows["Cache-Control"] == "private, no-store"
    for_you, viewed = rows.text.split("You looked at")
    assert "Because you looked at Pot" in for_you and "Tea" in for_you and "Cup" not in for_you
    assert "Pot" in viewed and "Cup" not in viewed  # that is the page he is on


def test_what_was_searched_for_fills_up(client, shelf):
    tea = make_product("Tea tray", categories=[make_category("Trays")])
    make_variant(product=tea, stock=2)
    refreshing.refresh([tea.pk])
    look(client, words=["tea", "tea ", "", "\0"])
    assert list(Searched.objects.values_list("words", flat=True)) == ["tea"]
    page = client.get(ROWS).text
    assert "Because you searched for “tea”" in page and "Tea tray" in page


def test_pages_stay_the_same_for_everybody(client, shelf):
    before = client.get("/products/pot/").content
    look(client, shelf["Cup"])
    assert client.get("/products/pot/").content == before
    assert f'data-product="{shelf["Pot"].pk}"' in before.decode() and ROWS in before.decode()


@pytest.mark.parametrize("header", ["sec-gpc", "dnt"])
def test_a_browser_that_objects_is_left_alone(client, shelf, header):
    answer = look(client, shelf["Pot"], **{header: "1"})
    assert answer.status_code == 204 and not answer.cookies and not Profile.objects.exists()
    look(client, shelf["Pot"])
    assert client.get(ROWS, headers={header: "1"}).status_code == 204


def test_a_guest_who_objects_is_forgotten_and_stays_so_until_he_says_otherwise(client, shelf):
    look(client, shelf["Pot"], words=["pot"])
    assert "Pot" in client.get(PAGE).text
    client.post("/for-you/objection/", {"remember": "no"})
    assert not Profile.objects.exists() and not Looked.objects.exists()
    assert not look(client, shelf["Pot"]).cookies and not Profile.objects.exists()
    assert "switched off" in client.get(PAGE).text
    client.post("/for-you/objection/", {"remember": "yes"})
    look(client, shelf["Pot"])
    assert Looked.objects.count() == 1


def test_an_account_that_objects_is_left_alone_in_every_browser(client, shelf):
    person = ada()
    client.force_login(person)
    look(client, shelf["Pot"])
    client.post("/for-you/objection/", {"remember": "no"})
    client.cookies.pop(settings.SHOP_TASTE_COOKIE_NAME, None)
    look(client, shelf["Pot"])
    assert not Looked.objects.exists() and client.get(ROWS).status_code == 204
    client.post("/for-you/objection/", {"remember": "yes"})
    look(client, shelf["Pot"])
    assert Looked.objects.get().profile.user == person


def test_signing_in_brings_along_what_was_looked_at_and_erasing_the_account_takes_it(client, shelf):
    look(client, shelf["Pot"], words=["pot"])
    person = ada()
    client.force_login(person)
    look(client, shelf["Pot"], shelf["Cup"])
    assert Profile.objects.get().user == person
    assert set(person.taste.looks.values_list("product__name", flat=True)) == {"Pot", "Cup"}
    assert person.taste.searches.get().words == "pot"
    person.delete()
    assert not Profile.objects.exists() and not Looked.objects.exists() and not Searched.objects.exists()


def test_all_of_it_can_be_forgotten_without_switching_off(client, shelf):
    look(client, shelf["Pot"])
    client.post("/for-you/forgetting/")
    assert not Looked.objects.exists() and "So far there is nothing" in client.get(PAGE).text


def test_a_forged_cookie_opens_nobodys_profile(client, shelf):
    look(client, shelf["Pot"])
    token = Profile.objects.get().token
    client.cookies[settings.SHOP_TASTE_COOKIE_NAME] = f"{token}:1:forged"
    assert client.get(ROWS).status_code == 204 and "Pot" not in client.get(PAGE).text.split("<main")[1]


def test_other_sites_and_nonsense_write_nothing(client, shelf):
    assert (
        client.post(LOOKS, {"product": shelf["Pot"].pk}, headers={"sec-fetch-site": "cross-site"}).status_code
        == 403
    )
    shelf["Cup"].status = "draft"
    shelf["Cup"].save()
    data = {"product": ["x", "-1", "9" * 30, "٣", "999999999999999", shelf["Cup"].pk], "q": "y" * 5000}
    assert client.post(LOOKS, data, headers=HERE).status_code == 204
    assert not Looked.objects.exists() and len(Searched.objects.get().words) == 100
    assert client.get(LOOKS).status_code == 405 and client.get(f"{ROWS}?product=x").status_code in (200, 204)


def test_who_sends_too_much_is_stopped(client, shelf, monkeypatch):
    statuses = {look(client, shelf["Pot"]).status_code for _n in range(301)}
    assert statuses == {204, 429}


def test_after_90_days_it_is_gone(client, shelf):
    look(client, shelf["Pot"], words=["pot"])
    look(client, shelf["Cup"])
    old = timezone.now() - timedelta(days=91)
    Looked.objects.filter(product=shelf["Pot"]).update(looked_at=old)
    Searched.objects.update(searched_at=old)
    assert remembering.forget_old() == 2 and Looked.objects.get().product == shelf["Cup"]
    Looked.objects.update(looked_at=old)
    Profile.objects.update(created_at=old)
    remembering.forget_old()
    assert not Profile.objects.exists()


def test_rows_cost_as_much_after_one_look_as_after_many(client, shelf):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(ROWS)
        return len(queries)

    look(client, shelf["Pot"])
    one = asked()
    look(client, *shelf.values())
    assert asked() <= one <= 8
