"""What home and category pages show, read in a constant number of queries and handed over as plain, frozen values."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.conf import settings
from django.db.models import Q, QuerySet, Value
from django.http import QueryDict
from django.urls import reverse, translate_url
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from catalog.cards import card_of
from catalog.lines import LineCard, line_cards, photos_of
from catalog.listing import Listing, list_products
from catalog.models import Category, Hero, ProductSearch
from catalog.pictures import Picture
from catalog.presenting import ProductPage, product_page
from catalog.sorting import order_of
from catalog.wishes import Wishes

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

__all__ = [
    "CategoryPage",
    "Home",
    "LineCard",
    "ProductPage",
    "category_page",
    "home",
    "line_cards",
    "photos_of",
    "product_page",
]

ROW = 4  # cards in a row of the home page
ROWS: dict[str, tuple[Q, list[Any]]] = {
    "new": (Q(in_stock=True), order_of("newest")),
    "popular": (Q(in_stock=True), order_of("popular")),
    "reduced": (Q(in_stock=True, is_reduced=True), ["-sold", "position"]),
}


class InRow(TypedDict):
    row: str


@dataclass(frozen=True)
class Home:
    heroes: list[dict]
    tiles: list[dict]
    rows: dict[str, list[dict]]  # cards; a row of fewer than two is left out

    @property
    def is_empty(self) -> bool:
        return not self.rows


@dataclass(frozen=True)
class CategoryPage:
    category: Category
    crumbs: list[dict]
    branches: list[dict]  # its own, or the ones beside it: name, url, current
    listing: Listing
    parent_url: str


def home() -> Home:
    heroes = Hero.objects.filter(is_published=True).select_related("photo")
    tiles = Category.objects.tiles()[:8]
    return Home(
        heroes=[_hero(hero) for hero in heroes],
        tiles=[_tile(category) for category in tiles],
        rows=_rows(),
    )


def category_page(category: Category, params: QueryDict, *, currency: str) -> CategoryPage | None:
    """None if a branch above it is not published: then nobody can get here."""
    family = _family(category)
    line = [found for found in family if found.path in category.line]
    if not all(found.is_published for found in line):
        return None
    base = ProductSearch.objects.filter(is_listed=True, category_ids__contains=[category.pk])
    crumbs = [{"name": _("Home"), "url": reverse("catalog:home")}]
    crumbs += [{"name": found.name, "url": found.get_absolute_url()} for found in line]
    return CategoryPage(
        category=category,
        crumbs=crumbs,
        branches=_branches(category, family),
        listing=list_products(base, Wishes.of(params), currency=currency),
        parent_url=crumbs[-2]["url"],
    )


def _hero(hero: Hero) -> dict:
    return {
        "image": Picture.of(hero.photo),
        "heading": hero.heading,
        "text": hero.text,
        "url": _in_this_language(hero.link),
        "link": hero.link_label,
        "side": hero.free_side,
    }


def _in_this_language(path: str) -> str:
    """Sellers write paths as the shop's first language has them."""
    language = get_language() or settings.LANGUAGE_CODE
    with override(settings.LANGUAGE_CODE):
        return translate_url(path, language)


def _tile(category: Category) -> dict:
    return {"name": category.name, "url": category.get_absolute_url(), "image": Picture.of(category.tile)}


def tiles() -> list[dict]:
    """The categories with a picture, for pages that found nothing else to show."""
    return [_tile(category) for category in Category.objects.tiles()[:4]]


def _rows() -> dict[str, list[dict]]:
    """All rows in one query."""
    parts = [_row(name, which, order) for name, (which, order) in ROWS.items()]
    found: dict[str, list[dict]] = {name: [] for name in ROWS}
    for row in parts[0].union(*parts[1:], all=True):
        found[row.row].append(card_of(row))
    return {name: cards for name, cards in found.items() if len(cards) > 1}


def _row(name: str, which: Q, order: list) -> "QuerySet[WithAnnotations[ProductSearch, InRow]]":
    rows = ProductSearch.objects.filter(which, is_listed=True).defer(
        "document", "page", "facets", "category_ids"
    )
    return rows.annotate(row=Value(name)).order_by(*order)[:ROW]


def _family(category: Category) -> list[Category]:
    """The branches above, beside and directly below, and itself, in the tree's order."""
    above = category.path[: -category.steplen]
    beside = Q(path__startswith=above, depth=category.depth) if above else Q(pk=category.pk)
    below = Q(path__startswith=category.path, depth=category.depth + 1)
    return list(Category.objects.filter(Q(path__in=category.line) | beside | below).order_by("path"))


def _branches(category: Category, family: list[Category]) -> list[dict]:
    below = [found for found in family if found.depth > category.depth]
    beside = [found for found in family if found.depth == category.depth]
    shown = below or (beside if len(beside) > 1 else [])
    return [
        {"name": found.name, "url": found.get_absolute_url(), "current": found.pk == category.pk}
        for found in shown
        if found.is_published
    ]
