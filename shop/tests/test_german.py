"""The demo shop in German, from the home page to the mails: no English is left for shoppers to read."""

import html
import re

import pytest
from django.core import mail as outbox
from django.utils import translation

from catalog import searching
from catalog.models import Category, Hero, Product
from shop.core.models import Delivery, Page
from shop.demo import german
from shop.tests.walk import make_order
from support.models import FaqEntry

pytestmark = pytest.mark.django_db

ENGLISH = re.compile(
    r"\b(the|and|your|you|with|from|for|this|that|order|orders|delivery|cart|checkout|price|prices|product|products"
    r"|search|pieces|please|address|review|reviews|sold|size|colour|thank|payment|account|sign|help|what|when|not)\b",
    re.IGNORECASE,
)
NAMES = re.compile(r"https?://\S+|\S+@\S+|Isoline Studio|English|Made for You|Shopify|WooCommerce")
PAGES = [
    "/de/",
    "/de/c/prints/",
    "/de/c/mugs/?f-availability=in-stock&sort=price",
    "/de/search/?q=Tasse",
    "/de/search/?q=xyzzyx",
    "/de/products/contour-eleven/",
    "/de/products/sunflower-tee/",
    "/de/products/sunflower-tee/?missing=1",
    "/de/cart/",
    "/de/contact/",
    "/de/help/faq/",
    "/de/help/delivery/",
    "/de/help/returns/",
    "/de/help/terms/",
    "/de/help/privacy/",
    "/de/account/login/",
    "/de/account/signup/",
    "/de/account/password/reset/",
]


@pytest.fixture(scope="module")
def german_words(isoline_in_place):
    with translation.override("en"):
        german.load()
    Delivery.objects.all().delete()


def english_in(text: str) -> list[str]:
    """English words that a person would read, each once."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>|<!--.*?-->", " ", text, flags=re.DOTALL)
    told = " ".join(re.findall(r'(?:title|aria-label|placeholder)="([^"]*)"', text))
    text = NAMES.sub(" ", html.unescape(re.sub(r"<[^>]+>", " ", text) + " " + told))
    return sorted({found.group().lower() for found in ENGLISH.finditer(text)})


def test_english_is_found():
    assert english_in('<p title="Your cart">Der Preis</p>') == ["cart", "your"]


def test_shoppers_read_no_english(client, german_words, isoline):
    left = {}
    for path in PAGES:
        answer = client.get(path)
        if found := english_in(answer.content.decode()):
            left[path] = found
        assert answer.status_code in (200, 404), path
        assert 'lang="de"' in answer.content.decode()
    assert left == {}


def test_the_demo_is_translated_whole(german_words, isoline):
    for model in (Product, Category, Hero, Page, FaqEntry):
        for row in model.objects.all():
            open_fields = [field for field in row.missing_in("de") if field != "search_words"]
            assert not open_fields, (model.__name__, str(row), open_fields)


FINDS = {
    "Höhenlinien": "contour-eleven",
    "hoehenlinien": "contour-eleven",
    "hohenlinien": "contour-eleven",
    "Becher mit Sonnenblumen": "sunflower-mug",
    "Kaffeetassen": "contour-mug",
    "Notizb": "contour-notebook",
    "Wandbilder": "quiet-ridge",
    "Sonnenblumenzählunk": "sunflower-count",
    "Eichenrahmen": "contour-eleven",
}


def test_german_words_find_german_products(rf, german_words, isoline):
    lost = {}
    with translation.override("de"):
        for typed, slug in FINDS.items():
            cards = searching.search(rf.get("/", {"q": typed}).GET).listing.cards
            if f"/de/products/{slug}/" not in [card["url"] for card in cards]:
                lost[typed] = [card["name"] for card in cards]
    assert lost == {}


def test_the_mails_of_a_german_order_are_german(german_words, isoline, deliver):
    with translation.override("de"):
        make_order(at="cod", language="de")
    with translation.override("en"):
        deliver()
    (mail,) = outbox.outbox
    assert mail.subject.startswith("Ihre Bestellung")
    for part in (mail.body, mail.alternatives[0].content):
        assert [word for word in english_in(part.replace("Contour mug", "")) if word != "order"] == []
