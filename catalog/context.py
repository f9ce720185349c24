"""What every page's header asks of the catalogue. Lazy: a page without a menu pays nothing.

The menu is the same on every page, so it is kept for half a minute, and dropped when a seller changes a category.
"""

from collections.abc import Iterable

from django.core.cache import cache
from django.urls import reverse_lazy
from django.utils.functional import SimpleLazyObject

from catalog.models import Category
from catalog.visiting import currency_of
from shop.core.models import Shop, told

MOST = 7  # of the header's categories
MENU_KEY = "catalog:menu"
MENU_SECONDS = 30


def navigation(request) -> dict:
    return {
        "menu": SimpleLazyObject(lambda: menu_of([told(found) for found in menu()], here=request.path)),
        "chosen_currency": SimpleLazyObject(lambda: currency_of(request, Shop.current())),
        "suggestions_url": reverse_lazy("catalog:suggestions"),
    }


def menu_of(categories: Iterable[Category], *, here: str) -> dict:
    """For the header and the footer: links (name, url), and the url of the one that is the page `here`."""
    links = [{"name": category.name, "url": category.get_absolute_url()} for category in categories]
    return {"links": links, "current": here if any(link["url"] == here for link in links) else ""}


def menu() -> list[Category]:
    """The categories of the header; one query at most every MENU_SECONDS."""
    kept: list[Category] | None = cache.get(MENU_KEY)
    if kept is None:
        kept = list(Category.objects.menu()[:MOST])
        cache.set(MENU_KEY, kept, MENU_SECONDS)
    return kept


def forget_menu() -> None:
    """A seller has changed a category."""
    cache.delete(MENU_KEY)
