"""The map of the shop for robots: what anonymous visitors may find, in every language, and what robots leave alone.

The file "products-7" holds the listed products with numbers from 70,000 to 79,999: no file has to be counted or skipped
through to find where it begins, a product never moves to another file, and with five languages or fewer none passes the
50,000 addresses that sitemaps.org allows. Rows are read as they are sent, so a file costs little memory.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils.translation import override

from catalog.models import Category, Collection, ProductSearch
from catalog.photos.pictures import Picture
from shop.core.http import absolute
from shop.core.models import Page

MOST = 50_000  # addresses of one file: sitemaps.org
MOST_FILES = 50_000  # of one index
KEPT = 3600  # seconds that the index is kept: robots come a few times a day
PRIVATE = ["account/", "cart/", "checkout/", "for-you/", "o/", "orders/", "search/", "visitor/"]
PARAMETERS = ["f-", "min=", "max=", "sort="]  # what filtered and sorted lists have in their address
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
FILES = """
SELECT product_id / %s AS number, max(refreshed_at) FROM catalog_productsearch
WHERE is_listed GROUP BY 1 ORDER BY 1 LIMIT %s
"""


@dataclass(frozen=True)
class Entry:
    """`urls` are {language: address} of one page."""

    urls: dict[str, str]
    changed_at: datetime | None = None
    image: str = ""


def closed_to_robots() -> list[str]:
    """Everything personal, what is searched for, and lists that are filtered or sorted."""
    starts = [_prefix(code) for code, _name in settings.LANGUAGES]
    closed = ["/admin/", *(start + path for start in starts for path in PRIVATE)]
    return closed + [f"/*{mark}{name}" for name in PARAMETERS for mark in "?&"]


def index() -> str:
    """The list of all files, with the moment of each one's newest change."""
    kept: str | None = cache.get(_key())
    if kept is None:
        kept = _index()
        cache.set(_key(), kept, KEPT)
    return kept


def write(name: str) -> Iterator[str] | None:
    """One of the files that the index names, piece by piece; None for any other name."""
    if name == "shop":
        return _written(_shop())
    kind, _dash, number = name.partition("-")
    if kind != "products" or not (number.isascii() and number.isdigit()) or len(number) > 9:
        return None
    return _written(_products(int(number)))


def _key() -> str:
    return f"sitemap:{settings.SHOP_URL}"


def _per_file() -> int:
    return MOST // max(1, len(settings.LANGUAGES))


def _index() -> str:
    with connection.cursor() as cursor:
        cursor.execute(FILES, [_per_file(), MOST_FILES - 1])
        files = [("shop", None), *((f"products-{number}", moment) for number, moment in cursor.fetchall())]
    rows = [
        f"<sitemap><loc>{escape(absolute(f'/sitemaps/{name}.xml'))}</loc>{_moment(moment)}</sitemap>\n"
        for name, moment in files
    ]
    return "".join([HEAD, f"<sitemapindex {NAMES.split()[0]}>\n", *rows, "</sitemapindex>\n"])


def _shop() -> Iterator[Entry]:
    yield Entry(_everywhere("catalog:home"))
    hidden = tuple(Category.objects.filter(is_published=False).values_list("path", flat=True))
    for category in Category.objects.published().order_by("path"):
        if not category.path.startswith(hidden):
            yield Entry(_everywhere("catalog:category", category.slug))
    for collection in Collection.objects.published():
        yield Entry(_everywhere("catalog:collection", collection.slug))
    for page in Page.objects.filter(is_published=True):
        yield Entry(_everywhere("core:page", page.slug), page.updated_at)


def _products(number: int) -> Iterator[Entry]:
    first = number * _per_file()
    rows = ProductSearch.objects.filter(is_listed=True, pk__gte=first, pk__lt=first + _per_file())
    patterns = _everywhere("catalog:product", "SLUG")
    found = rows.order_by("pk").values_list("card__slug", "card__photo", "refreshed_at")
    for slug, photo, changed_at in found.iterator(chunk_size=2000):
        picture = Picture.from_json(photo)
        urls = {code: pattern.replace("SLUG", slug) for code, pattern in patterns.items()}
        yield Entry(urls, changed_at, absolute(picture.src) if picture else "")


def _everywhere(name: str, *args: str) -> dict[str, str]:
    found = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = absolute(reverse(name, args=args))
    return found


def _prefix(code: str) -> str:
    with override(code):
        return reverse("catalog:home")


def _written(entries: Iterable[Entry]) -> Iterator[str]:
    yield f"{HEAD}<urlset {NAMES}>\n"
    for entry in entries:
        yield from _rows(entry)
    yield "</urlset>\n"


def _rows(entry: Entry) -> Iterator[str]:
    """The page once for each language, each time with all of them beside it."""
    beside = "".join(_link(code, url) for code, url in _translations(entry.urls).items())
    image = f"<image:image><image:loc>{escape(entry.image)}</image:loc></image:image>" if entry.image else ""
    for url in entry.urls.values():
        yield f"<url><loc>{escape(url)}</loc>{_moment(entry.changed_at)}{beside}{image}</url>\n"


def _translations(urls: dict[str, str]) -> dict[str, str]:
    return urls | {"x-default": urls[settings.LANGUAGE_CODE]} if len(urls) > 1 else {}


def _link(code: str, url: str) -> str:
    return f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(url)}"/>'


def _moment(moment: datetime | None) -> str:
    return f"<lastmod>{moment.isoformat(timespec='seconds')}</lastmod>" if moment else ""
