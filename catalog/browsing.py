"""What home and category pages show, read in a constant number of queries and handed over as plain, frozen values."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.conf import settings
from django.db.models import Q, QuerySet, Value
from django.http import QueryDict
from django.urls import reverse, translate_url
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from catalog.context import MOST as IN_MENU
from catalog.finding.cards import card_of
from catalog.finding.grouping import own_order, products_in
from catalog.finding.lines import LineCard, line_cards, photos_of
from catalog.finding.listing import Listing, list_products
from catalog.finding.sorting import order_of
from catalog.models import Category, Collection, Hero, ProductSearch
from catalog.photos.pictures import Picture
from catalog.presenting import ProductPage, product_page
from catalog.wishes import Wishes
from shop.accounts.models import Seller
from shop.core.models import told

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

COLLECTIONS = 6  # on the home page, at most
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
    menu: list[Category]
    heroes: list[dict]
    tiles: list[dict]
    rows: dict[str, list[dict]]  # cards; a row of fewer than two is left out
    collections: list[dict]  # name, url, cards

    @property
    def is_empty(self) -> bool:
        return not self.rows and not self.collections


@dataclass(frozen=True)
class CategoryPage:
    category: Category
    crumbs: list[dict]
    branches: list[dict]  # its own, or the ones beside it: name, url, current
    listing: Listing
    parent_url: str


@dataclass(frozen=True)
class CollectionPage:
    collection: Collection
    crumbs: list[dict]
    listing: Listing


@dataclass(frozen=True)
class SellerPage:
    seller: Seller
    crumbs: list[dict]
    listing: Listing


def home() -> Home:
    heroes = Hero.objects.filter(is_published=True).select_related("photo")
    categories = [told(category) for category in Category.objects.for_home()]
    collections = [told(collection) for collection in Collection.objects.for_home()[:COLLECTIONS]]
    rows = _rows(collections)
    return Home(
        menu=[category for category in categories if category.in_menu][:IN_MENU],
        heroes=[_hero(hero) for hero in heroes],
        tiles=[_tile(category) for category in categories if category.on_home and category.tile][:8],
        rows=rows,
        collections=[
            {"name": found.name, "url": found.get_absolute_url(), "cards": rows.pop(_row_of(found))}
            for found in collections
            if _row_of(found) in rows
        ],
    )


def category_page(slug: str, params: QueryDict, *, currency: str) -> CategoryPage | None:
    """None if there is no such category, or it or a branch above it is not published: then nobody can get here."""
    family = [told(found) for found in Category.objects.family_of(slug)]
    category = next((found for found in family if found.slug == slug), None)
    if category is None:
        return None
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


def collection_page(collection: Collection, params: QueryDict, *, currency: str) -> CollectionPage:
    """What is picked by hand stands in that order until the visitor sorts."""
    told(collection)
    order = own_order(collection)
    listing = list_products(
        products_in(collection),
        Wishes.of(params),
        currency=currency,
        order=order,
        first_sort=_("Our order") if order else "",
    )
    home = {"name": _("Home"), "url": reverse("catalog:home")}
    here = {"name": collection.name, "url": collection.get_absolute_url()}
    return CollectionPage(collection, [home, here], listing)


def seller_page(seller: Seller, params: QueryDict, *, currency: str) -> SellerPage:
    """Who it is, and all that it sells."""
    base = ProductSearch.objects.filter(is_listed=True, product__seller=seller.pk)
    home = {"name": _("Home"), "url": reverse("catalog:home")}
    here = {"name": seller.name, "url": seller.get_absolute_url()}
    return SellerPage(seller, [home, here], list_products(base, Wishes.of(params), currency=currency))


def _hero(hero: Hero) -> dict:
    told(hero)
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
    return {
        "name": told(category).name,
        "url": category.get_absolute_url(),
        "image": Picture.of(category.tile),
    }


def tiles() -> list[dict]:
    """The categories with a picture, for pages that found nothing else to show."""
    return [_tile(category) for category in Category.objects.tiles()[:4]]


def _rows(collections: list[Collection]) -> dict[str, list[dict]]:
    """All rows in one query; those of collections by _row_of()."""
    listed = ProductSearch.objects.filter(is_listed=True)
    parts = [_row(name, listed.filter(which), order) for name, (which, order) in ROWS.items()]
    parts += [
        _row(_row_of(found), products_in(found), own_order(found) or order_of("popular"))
        for found in collections
    ]
    found: dict[str, list[dict]] = {name: [] for name in [*ROWS, *map(_row_of, collections)]}
    for row in parts[0].union(*parts[1:], all=True):
        found[row.row].append(card_of(row))
    return {name: cards for name, cards in found.items() if len(cards) > 1}


def _row_of(collection: Collection) -> str:
    return f"collection:{collection.pk}"


def _row(
    name: str, listed: QuerySet[ProductSearch], order: list
) -> "QuerySet[WithAnnotations[ProductSearch, InRow]]":
    rows = listed.defer("document", "page", "facets", "category_ids")
    return rows.annotate(row=Value(name)).order_by(*order)[:ROW]


def _branches(category: Category, family: list[Category]) -> list[dict]:
    below = [found for found in family if found.depth > category.depth]
    beside = [found for found in family if found.depth == category.depth]
    shown = below or (beside if len(beside) > 1 else [])
    return [
        {"name": found.name, "url": found.get_absolute_url(), "current": found.pk == category.pk}
        for found in shown
        if found.is_published
    ]
