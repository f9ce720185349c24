"""The demo shop in German: its catalogue, pages, questions and the words that many products share."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.html import format_html, format_html_join

from catalog.finding import refreshing
from catalog.models import Category, Collection, Hero, Product
from shop.core.models import Page, Translated, Wording
from shop.core.wording import forget
from shop.demo.catalogue import read
from shop.demo.house import section
from support.models import FaqEntry


@transaction.atomic
def load() -> dict[str, int]:
    """{what: how many there are now}; nothing where the shop does not speak German."""
    if "de" not in dict(settings.LANGUAGES):
        return {"texts": 0}
    data = read("german")
    _load_words(data["words"])
    count = _translate(Product, lambda product: data["products"].get(product.slug))
    count += _translate(Category, lambda category: data["categories"].get(category.slug))
    count += _translate(Collection, lambda collection: data["collections"].get(collection.slug))
    count += _translate(Hero, lambda hero: data["heroes"].get(hero.heading))
    count += _translate(Page, lambda page: _page(data, page.slug))
    count += _translate(FaqEntry, lambda entry: data["faq"].get(entry.question))
    refreshing.refresh(Product.objects.values_list("pk", flat=True))
    return {"texts": count, "shared words": Wording.objects.filter(language="de").count()}


def _load_words(words: Mapping[str, str]) -> None:
    for text, wording in words.items():
        Wording.objects.update_or_create(language="de", text=text, defaults={"wording": wording})
    forget()


def _translate(model: type[Translated], texts: Callable[[Any], dict[str, str] | None]) -> int:
    rows = [(row, texts(row)) for row in model._default_manager.all()]
    known = [(row, found) for row, found in rows if found]
    for row, found in known:
        row.translate("de", **found)
    model._default_manager.bulk_update([row for row, _found in known], ["texts"])
    return len(known)


def _page(data: dict, slug: str) -> dict[str, str] | None:
    if slug not in data["pages"]:
        return None
    given = data["pages"][slug]
    sections = format_html_join("", "{}", ((section(part),) for part in given["sections"]))
    body = format_html('<p class="notice">{}</p>{}', data["notice"], sections)
    return {"title": given["title"], "body": body}
