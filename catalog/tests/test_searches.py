"""Synonyms, what is counted of searches, and the half second that a page may hold the database."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from catalog import searching
from catalog.finding import reading, refreshing, tallying
from catalog.models import SearchedTerm, Synonym
from catalog.tests.factories import make_category, make_product, make_variant
from shop.tests.people import grace

pytestmark = pytest.mark.django_db


def sell(*names):
    for name in names:
        product = make_product(name)
        make_variant(product=product, stock=3)
        refreshing.refresh([product.pk])


def found(typed) -> list[str]:
    params = QueryDict(mutable=True)
    params["q"] = typed
    return [card["name"] for card in searching.search(params).listing.cards]


def same(word, *others, is_two_way=True) -> Synonym:
    synonym = Synonym(word=word, others=list(others), is_two_way=is_two_way)
    synonym.full_clean()
    synonym.save()
    return synonym


@pytest.mark.parametrize("typed", ["settee", "couch", "sofas", "SOFA", "blue settee", "cou"])
def test_words_that_mean_the_same_find_the_same(typed):
    sell("Blue Couch", "Lamp")
    same("sofa", "couch", "Séttee")
    assert found(typed) == ["Blue Couch"]


def test_one_way_is_one_way():
    sell("Mug", "Tumbler")
    same("tumbler", "mug", is_two_way=False)
    assert set(found("tumbler")) == {"Mug", "Tumbler"} and found("mug") == ["Mug"]


def test_phrases_are_synonyms_too():
    sell("Wall Art Moon", "Art Wall", "Poster Sun")
    same("poster", "wall art")
    assert set(found("poster")) == {"Wall Art Moon", "Poster Sun"}
    assert set(found("wall art")) == {"Wall Art Moon", "Art Wall", "Poster Sun"}
    assert found("poster moon") == ["Wall Art Moon"]


def test_quoted_words_mean_what_they_say():
    sell("Couch", "Sofa")
    same("sofa", "couch")
    assert found('"sofa"') == ["Sofa"]


@pytest.mark.parametrize(
    ("word", "others"), [("", ["a"]), ("sofa", []), ("sofa", ["Sofa", " "]), ("%%", ["x"])]
)
def test_a_synonym_needs_two_different_words(word, others):
    with pytest.raises(ValidationError):
        same(word, *others)


# --- What is counted -----------------------------------------------------------------------------------------


@pytest.fixture
def tallies():
    cache.take_tallies(tallying.KEY)
    yield
    cache.take_tallies(tallying.KEY)


def counted() -> dict:
    tallying.write_down()
    return {row.term: (row.searches, row.hits) for row in SearchedTerm.objects.all()}


def test_searches_are_counted_by_day_and_words(client, tallies):
    sell("Blue Couch")
    for typed in ("couch", " Couch ", "lämp"):
        client.get("/search/", {"q": typed})
    assert counted() == {"couch": (2, 1), "lamp": (1, 0)}
    client.get("/search/", {"q": "couch"})
    assert counted() == {"couch": (3, 1), "lamp": (1, 0)}


def test_a_kept_page_is_counted_too(client, tallies, settings):
    settings.SHOP_PAGE_CACHE_SECONDS = 30
    sell("Zebra Couch")
    client.get("/search/?q=zebra")
    client.get("/search/?q=zebra")
    assert counted() == {"zebra": (2, 1)}


@pytest.mark.parametrize("typed", ["eva@example.com", "+43 660 1234567", "", "  "])
def test_what_looks_like_a_person_is_not_counted(client, tallies, typed):
    client.get("/search/", {"q": typed})
    assert counted() == {}


def test_robots_filters_and_further_pages_are_not_counted(client, tallies):
    client.get("/search/?q=couch", headers={"user-agent": "Googlebot/2.1"})
    client.get("/search/?q=couch&page=2")
    client.get("/search/?q=couch&f-size=A4")
    assert counted() == {}


def test_the_report_leads_from_what_found_nothing_to_a_synonym(client, tallies):
    sell("Blue Couch")
    for typed in ("couch", "divan"):
        client.get("/search/", {"q": typed})
    tallying.write_down()
    client.force_login(grace())
    page = client.get(reverse("admin:catalog_searchedterm_changelist")).text
    most, nothing = page.split('id="nothing"')
    assert ">couch<" in most and ">divan<" in nothing
    assert f'href="{reverse("admin:catalog_synonym_add")}?word=divan"' in nothing
    answer = client.post(
        reverse("admin:catalog_synonym_add"), {"word": "Divan", "others": "couch, Sofa", "is_two_way": "on"}
    )
    assert answer.status_code == 302, answer.context["adminform"].errors
    assert found("divan") == ["Blue Couch"]


def remembered(term, searches, hits, *, days=0, language="en"):
    day = timezone.localdate() - timedelta(days=days)
    SearchedTerm.objects.create(day=day, language=language, term=term, searches=searches, hits=hits)


def test_typing_is_offered_what_many_searched_for_and_found(client, django_assert_num_queries):
    remembered("couch blue", 2, 1)
    remembered("couch blue", 1, 1, days=30)
    remembered("couch red", 9, 1)
    remembered("couch rare", 2, 1)  # too few
    remembered("couch anna", 50, 0)  # found nothing
    remembered("couch old", 50, 1, days=120)
    remembered("couch rot", 50, 1, language="de")
    assert [row["name"] for row in searching.suggest("Coúch")] == ["couch red", "couch blue"]
    assert searching.suggest("couch r")[0]["url"] == "/search/?q=couch+red"
    assert searching.suggest("couch red") == []
    page = client.get("/search/suggestions/?q=couch").text
    assert "couch red" in page and "couch anna" not in page
    with django_assert_num_queries(0):
        assert tallying.often("couch") == ["couch red", "couch blue"]


# --- Half a second -------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "url", ["/search/?q=couch", "/c/prints/", "/search/suggestions/?q=couch", "/products/couch/"]
)
def test_a_query_that_takes_too_long_ends_in_a_friendly_page(client, monkeypatch, url):
    make_category("Prints")
    sell("Couch")

    def slow(*_args, **_kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")

    monkeypatch.setattr(reading, "MOST_MS", 100)
    for module in (
        "searching.counts_of",
        "finding.listing.counts_of",
        "searching.widen",
        "presenting.voices_of",
    ):
        monkeypatch.setattr(f"catalog.{module}", slow)
    answer = client.get(url)
    assert answer.status_code == 503 and answer["Retry-After"] == "5"
    assert "too much at once" in answer.text and "no-store" in answer["Cache-Control"]
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() != ("100ms",)


@pytest.mark.django_db(transaction=True)
def test_other_faults_are_not_hidden(client, monkeypatch):
    def broken(*_args, **_kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM nowhere")

    monkeypatch.setattr("catalog.searching.widen", broken)
    client.raise_request_exception = False
    assert client.get("/search/?q=couch").status_code == 500
