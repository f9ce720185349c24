"""What a product's page shows: its search row for all that changes slowly, its variants and their stock as they are now."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from babel.numbers import format_decimal
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Max, Min, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from catalog import preordering
from catalog.models import BundlePart, Product, ProductSearch, StockItem, Variant
from catalog.models.stock import FREE, THERE
from catalog.photos.pictures import Picture
from catalog.prices.reading import open_book
from catalog.pricing import Price, Step, priced, steps_in, with_lowest
from catalog.products import documenting, quantities
from catalog.products.bundling import Part, parts_shown
from catalog.products.choosing import Choice, choose
from catalog.products.customizing import CustomForm, form_for
from catalog.products.kinds import shown
from catalog.products.taking import PLENTY
from catalog.products.unit_pricing import unit_price
from catalog.recommendations.suggesting import Rows, rows_beside
from catalog.translating import named, said_title
from catalog.visiting import Visitor
from catalog.voices.listening import Voices, voices_of
from shop.core import clock
from shop.core.models import Shop
from shop.core.wording import said

if TYPE_CHECKING:
    from catalog.products.choosing import Offered


@dataclass(frozen=True)
class ProductPage:
    product: Product
    crumbs: list[dict]
    choice: Choice
    offered: "list[Offered]"  # all variants on sale
    prices: dict[int, Price]  # of one piece, by variant
    price: Price
    steps: list[Step]  # what a piece costs of several
    stock: dict[str, str]  # kind and text of components/stock.html
    images: list[Picture]  # those of the chosen variant first
    facts: list[tuple[str, str]]
    sections: list[dict]  # title, text
    rating: Decimal | None
    rating_count: int
    voices: Voices
    questions: list[dict]
    documents: list[dict]  # title, url, about
    rows: Rows  # of other products
    unit_price: str  # "€12.00 / kg"
    most: int  # pieces of the shown variant that one order may have now
    quantity_rule: str
    parts: list[Part]  # of a set
    form: CustomForm | None  # what the buyer is asked
    seller: dict[str, str] | None  # name and address of the page of who sells it; None: the shop itself
    any_free: int  # pieces of all variants together

    @property
    def variant(self) -> "Offered":
        return self.choice.shown

    @property
    def is_available(self) -> bool:
        return self.most > 0

    @property
    def is_sent(self) -> bool:
        """Whether it comes in a parcel; downloads and gift cards do not."""
        return self.product.kind not in Product.UNSENT

    @property
    def is_preorder(self) -> bool:
        return is_preorder(self.variant)

    @property
    def ready_by(self) -> date | None:
        """Before when nothing leaves."""
        return self.variant.by_day if self.is_preorder else None


def product_page(product: Product, params: QueryDict, *, visitor: Visitor, shop: Shop) -> ProductPage | None:
    """In three queries, given a product with its search row; one more for a set, one or two where price lists apply.

    None while nothing of it is on sale in the visitor's currency.
    """
    row, every = product.search, variants_of(product)
    book = open_book(every, customer=visitor.customer, currency=visitor.currency, at=clock.now())
    prices = {variant.pk: price for variant in every if (price := priced(book, variant, 1))}
    variants = [variant for variant in every if variant.pk in prices]
    if not variants:
        return None
    choice = choose(row.page["options"], variants, params)
    choice.shown.title = said_title(choice.shown.title)
    return ProductPage(
        product=product,
        crumbs=crumbs_of(product, row),
        choice=choice,
        offered=variants,
        prices=prices,
        price=_with_known_lowest(row, choice.shown, prices[choice.shown.pk]),
        steps=steps_in(book, choice.shown),
        stock=_stock_line(product, choice.shown),
        images=images_of(row, choice.shown),
        facts=[*facts_of(row), *_measures(choice.shown)],
        sections=_sections(row),
        rating=row.rating,
        rating_count=row.rating_count,
        voices=voices_of(product, row, params, shop_name=shop.name),
        questions=row.page["questions"],
        documents=documenting.shown(row.page.get("documents", [])),
        rows=rows_beside(product, row),
        unit_price=_unit_price(choice.shown, prices[choice.shown.pk]),
        most=quantities.allowed(choice.shown, choice.shown.free),
        quantity_rule=quantities.rule(choice.shown),
        form=form_for(product, currency=visitor.currency),
        parts=parts_shown([choice.shown.pk])[choice.shown.pk] if _is_set(product) else [],
        seller=_seller(row),
        any_free=sum(max(0, variant.free) for variant in variants),
    )


def _seller(row: ProductSearch) -> dict[str, str] | None:
    known = row.page.get("seller")
    return known and {"name": known["name"], "url": reverse("catalog:seller", args=[known["slug"]])}


def _with_known_lowest(row: ProductSearch, variant: Variant, price: Price) -> Price:
    """The lowest price of 30 days as the search row knows it; not while that row still knows another price."""
    minor, lowest = row.page.get("lowest", {}).get(str(variant.pk), (None, None))
    same = minor == price.amount.minor and row.currency == price.amount.currency
    return with_lowest(price, lowest if same and price.compare_at else None)


def variants_of(product: Product) -> "list[Offered]":
    """Those on sale, with `value_ids`, `free`, the pieces that can be had, `there`, those of them that need not be waited
    for, and `by_day`, when the others ship."""
    chosen = Variant.values.through.objects.filter(variant=OuterRef("pk")).values("optionvalue_id")
    return list(
        product.variants.filter(is_active=True).annotate(
            value_ids=ArraySubquery(chosen),
            free=_free_of(product, FREE),
            there=_free_of(product, THERE),
            by_day=_ships_by(product),
        )
    )


def _unit_price(variant: "Offered", price: Price | None) -> str:
    assert price is not None  # variants without one are not shown
    return unit_price(price.amount, amount=variant.content_amount, unit=variant.content_unit)


def _free_of(product: Product, figure: Any) -> Any:
    """The pieces that can be had of a variant, as its query counts them: see catalog/products/taking.py."""
    if product.kind in Product.UNSTOCKED:
        return Value(PLENTY)
    if not _is_set(product):
        return _shelves("pk", figure)
    parts = BundlePart.objects.filter(bundle=OuterRef("pk")).order_by().values("bundle")
    fewest = parts.annotate(n=Min(_shelves("component", figure) / F("quantity"))).values("n")
    return Coalesce(Subquery(fewest), 0)


def _ships_by(product: Product) -> Any:
    if not _is_set(product):
        return F("ships_by")
    parts = BundlePart.objects.filter(bundle=OuterRef("pk")).order_by().values("bundle")
    return Subquery(parts.annotate(day=Max("component__ships_by")).values("day"))


def _shelves(variant: str, figure: Any) -> Any:
    rows = StockItem.objects.filter(variant=OuterRef(variant), location__is_active=True)
    free = rows.order_by().values("variant").annotate(n=Sum(figure))
    return Coalesce(Subquery(free.values("n")), 0)


def _is_set(product: Product) -> bool:
    return product.kind == Product.Kind.BUNDLE


def _stock_line(product: Product, variant: "Offered") -> dict[str, str]:
    if product.kind == Product.Kind.MADE:
        return _made_line(product)
    if product.kind == Product.Kind.DIGITAL:
        return {"kind": "in", "text": _("To download as soon as it is paid")}
    if product.kind == Product.Kind.GIFT_CARD:
        return {"kind": "in", "text": _("Sent by email")}
    return stock_line(variant)


def stock_line(variant: "Offered") -> dict[str, str]:
    """In words and true numbers."""
    if variant.free <= 0:
        return {"kind": "out", "text": _("Sold out")}
    if is_preorder(variant):
        return {"kind": "preorder", "text": preordering.in_words(variant.by_day)}
    if variant.there <= variant.low_stock_at:
        text = ngettext("Only %(n)d left", "Only %(n)d left", variant.there) % {"n": variant.there}
        return {"kind": "low", "text": text}
    return {"kind": "in", "text": _("In stock")}


def is_preorder(variant: "Offered") -> bool:
    """It can be had, but nothing of it is there yet."""
    return variant.there <= 0 < variant.free


def _made_line(product: Product) -> dict[str, str]:
    if not product.made_in_days:
        return {"kind": "in", "text": _("Made to order")}
    days = ngettext(
        "made to order in %(n)d working day", "made to order in %(n)d working days", product.made_in_days
    )
    return {"kind": "in", "text": (days % {"n": product.made_in_days}).capitalize()}


def crumbs_of(product: Product, row: ProductSearch) -> list[dict]:
    above = [
        {
            "name": named(crumb["name"], crumb.get("names", {})),
            "url": reverse("catalog:category", args=[crumb["slug"]]),
        }
        for crumb in row.page["crumbs"]
    ]
    home = {"name": _("Home"), "url": reverse("catalog:home")}
    return [home, *above, {"name": product.name, "url": product.get_absolute_url()}]


def images_of(row: ProductSearch, variant: Variant) -> list[Picture]:
    photos = sorted(row.page["photos"], key=lambda photo: variant.pk not in photo["variants"])
    return [picture for photo in photos if (picture := Picture.from_json(photo))]


def _sections(row: ProductSearch) -> list[dict]:
    """Properties that are told in a text of their own; what is said twice of one thing stands under one headline."""
    texts: dict[str, list[str]] = {}
    for fact in row.page["attributes"]:
        if fact["is_section"]:
            texts.setdefault(said(fact["name"]), []).append(shown(fact["kind"], fact["value"], fact["unit"]))
    return [{"title": title, "text": "\n\n".join(told)} for title, told in texts.items()]


def facts_of(row: ProductSearch) -> list[tuple[str, str]]:
    """The product's own properties, as a table."""
    facts: dict[str, list[str]] = {}
    for fact in row.page["attributes"]:
        if not fact["is_section"]:
            facts.setdefault(said(fact["name"]), []).append(shown(fact["kind"], fact["value"], fact["unit"]))
    return [(name, ", ".join(values)) for name, values in facts.items()]


def _measures(variant: Variant) -> list[tuple[str, str]]:
    """Size and weight of the chosen variant, and its number."""
    table = []
    sides = [side for side in (variant.width_mm, variant.height_mm, variant.depth_mm) if side]
    if len(sides) > 1:
        table.append((_("Dimensions"), f"{' × '.join(_decimal(side, 1) for side in sides)} cm"))
    if variant.weight_g:
        heavy = variant.weight_g >= 1000
        table.append(
            (_("Weight"), f"{_decimal(variant.weight_g, 3)} kg" if heavy else f"{variant.weight_g} g")
        )
    return [*table, (_("SKU"), variant.sku)]


def _decimal(value: int, places: int) -> str:
    """337 mm → "33.7" in the language of the page."""
    number = Decimal(value).scaleb(-places)
    return format_decimal(
        number.quantize(Decimal("0.01")).normalize(), locale=to_locale(get_language() or "en")
    )
