"""Texts in other languages: in the rows, in shared words, and on the sellers' screens."""

import pytest
from django.urls import reverse
from django.utils import translation

from shop.core import wording
from shop.core.models import Page, Wording, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def page():
    return Page.objects.create(slug="care", title="Care", body="<p>Keep it dry.</p>")


def test_what_is_not_translated_is_said_in_the_first_language(page):
    page.translate("de", title="Pflege")
    assert page.missing_in("de") == ["body"]
    with translation.override("de"):
        told(page)
    assert (page.title, page.body) == ("Pflege", "<p>Keep it dry.</p>")


def test_the_first_language_is_never_replaced(page):
    page.translate("de", title="Pflege")
    assert told(page).title == "Care"


def test_only_texts_that_a_row_has_are_translated(page):
    with pytest.raises(ValueError, match="slug"):
        page.translate("de", slug="pflege")
    assert page.texts == {}


def test_shared_words_cost_one_query_for_many(django_assert_num_queries):
    Wording.objects.create(language="de", text="Oak frame", wording="Eichenrahmen")
    wording.forget()
    with django_assert_num_queries(0):
        assert wording.said("Oak frame") == "Oak frame"
    with translation.override("de"), django_assert_num_queries(1):
        assert [wording.said("Oak frame"), wording.said("A4"), wording.said("")] == ["Eichenrahmen", "A4", ""]
    wording.forget()


def test_sellers_write_each_language_in_a_tab_that_says_what_is_missing(admin_client, page):
    url = reverse("admin:core_page_change", args=[page.pk])
    assert "2 texts are missing" in admin_client.get(url).content.decode()
    data = {"slug": "care", "title": "Care", "body": page.body, "position": 0, "is_published": "on"}
    data |= {"text_de_title": "Pflege", "text_de_body": "<p>Trocken halten.</p>"}
    assert admin_client.post(url, data).status_code == 302
    page.refresh_from_db()
    assert page.title == "Care" and page.texts["de"]["title"] == "Pflege"
    assert "missing" not in admin_client.get(url).content.decode()
    assert "Trocken halten." in admin_client.get("/de/help/care/").content.decode()
