"""The map of the shop for robots: everything that anonymous visitors may find, in files of at most 10,000 addresses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from catalog.models import Category, ProductSearch
from catalog.pictures import Picture
from shop.core.http import absolute
from shop.core.models import Page

PER_FILE = 10_000  # sitemaps.org allows 50,000


@dataclass(frozen=True)
class Entry:
    url: str
    changed_at: datetime | None = None
    image: str = ""


def files() -> list[str]:
    """The names of the files that the index lists."""
    products = ProductSearch.objects.filter(is_listed=True).count()
    return ["shop", *(f"products-{n}" for n in range(1, -(-products // PER_FILE) + 1))]


def entries(name: str) -> Iterator[Entry] | None:
    """What stands in one of `files()`; None for any other name."""
    if name == "shop":
        return _shop()
    kind, _dash, number = name.partition("-")
    if kind != "products" or not number.isdigit() or not 1 <= int(number) <= 10_000:
        return None
    return _products(int(number))


def _shop() -> Iterator[Entry]:
    yield Entry(absolute(reverse("catalog:home")))
    hidden = tuple(Category.objects.filter(is_published=False).values_list("path", flat=True))
    for category in Category.objects.published().order_by("path"):
        if not category.path.startswith(hidden):
            yield Entry(absolute(category.get_absolute_url()))
    for page in Page.objects.filter(is_published=True):
        yield Entry(absolute(page.get_absolute_url()), page.updated_at)


def _products(number: int) -> Iterator[Entry]:
    rows = ProductSearch.objects.filter(is_listed=True).order_by("pk").values_list("card", "refreshed_at")
    for card, changed_at in rows[(number - 1) * PER_FILE : number * PER_FILE].iterator(chunk_size=2000):
        picture = Picture.from_json(card["photo"])
        url = reverse("catalog:product", args=[card["slug"]])
        yield Entry(absolute(url), changed_at, absolute(picture.src) if picture else "")
