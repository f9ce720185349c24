"""Kept pages at the door: the same answer as from inside, for nobody but those who would get it there."""

import pytest
from django.conf import settings as django_settings

from catalog.tests.factories import make_category
from shop.core import doorway, keeping, maintenance

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keeps(settings):
    settings.SHOP_PAGE_CACHE_SECONDS = 30
    doorway.forget()
    yield
    doorway.forget()


@pytest.fixture
def path():
    return make_category().get_absolute_url()


@pytest.fixture
def inside(monkeypatch):
    """How many visitors went in."""
    went = []
    real = keeping.kept_page

    def counted(request, build, *, tags):
        went.append(request.path)
        return real(request, build, tags=tags)

    monkeypatch.setattr("shop.core.http.kept_page", counted)
    return went


def test_the_second_visitor_gets_the_very_same_answer_at_the_door(client, path, inside):
    first, second = client.get(path), client.get(path)
    assert len(inside) == 1
    assert second.content == first.content
    assert {**second.headers, "Age": ""} == {**first.headers, "Age": ""}
    assert "Content-Security-Policy" in second.headers


def test_a_page_that_the_visitor_has_is_not_sent_again(client, path, inside):
    etag = client.get(path)["ETag"]
    answer = client.get(path, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content, len(inside)) == (304, b"", 1)


@pytest.mark.parametrize("cookie", ["SESSION_COOKIE_NAME", "SHOP_CURRENCY_COOKIE_NAME"])
def test_who_is_somebody_goes_in(client, path, inside, cookie):
    client.get(path)
    client.cookies[getattr(django_settings, cookie)] = "something"
    answer = client.get(path)
    assert answer["Cache-Control"] == "private, no-store"


def test_what_was_forgotten_is_made_anew(client, path, inside, django_capture_on_commit_callbacks):
    client.get(path)
    with django_capture_on_commit_callbacks(execute=True):
        keeping.forget(keeping.EVERYTHING)
    client.get(path)
    assert len(inside) == 2


def test_a_closed_shop_is_closed_at_the_door(client, path):
    client.get(path)
    maintenance.close(until=None)
    try:
        assert client.get(path).status_code == 503
    finally:
        maintenance.reopen()


def test_another_host_is_refused_at_the_door(client, path, settings):
    client.get(path)
    settings.ALLOWED_HOSTS = ["shop.example"]
    assert client.get(path).status_code == 400


def test_every_search_is_counted(client, path, monkeypatch):
    counted = []
    monkeypatch.setattr("catalog.views.search.note_search", lambda words, **_more: counted.append(words))
    for _visit in range(3):
        client.get("/search/?q=mug")
    assert counted == ["mug"] * 3


def test_the_oldest_address_makes_room(client, path, monkeypatch):
    monkeypatch.setattr(doorway, "MOST", 2)
    for number in range(4):
        client.get(f"{path}?n={number}")
    assert len(doorway._known) == 2
