"""Everything that a product's search row is made of, read for many products at once in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Sum

from catalog import stock
from catalog.describing import applying
from catalog.models import (
    Attribute,
    Category,
    Movement,
    OptionValue,
    Photo,
    Product,
    ProductAttribute,
    ProductDocument,
    Question,
    Review,
    Variant,
)
from catalog.photos.pictures import Picture
from catalog.prices.reducing import with_lowest_prices
from catalog.pricing import Price, known_prices
from catalog.products import documenting
from catalog.products.taking import pieces_of, takes_of, whole
from shop.core import clock
from shop.core.models import Shop


@dataclass
class Facts:
    """What is known of one product. Variants are those on sale for a price in the shop's currency, cheapest first."""

    product: Product
    variants: list[Variant] = field(default_factory=list)
    prices: dict[int, Price] = field(default_factory=dict)  # what everybody is asked for one piece
    available: dict[int, int] = field(default_factory=dict)
    preorders: dict[int, date] = field(
        default_factory=dict
    )  # when it ships, of what can be had but is not there
    options: list[dict] = field(default_factory=list)  # name, must_choose, values; in the seller's order
    photos: list[dict] = field(default_factory=list)
    categories: list[Category] = field(default_factory=list)  # with all branches above, in the tree's order
    attributes: list[dict] = field(default_factory=list)
    documents: list[dict] = field(default_factory=list)
    stars: dict[int, int] = field(default_factory=dict)
    questions: list[dict] = field(default_factory=list)
    sold: int = 0
    filter_names: frozenset[str] = frozenset()  # of all attributes that lists filter by


def gather(product_ids: Iterable[int]) -> list[Facts]:
    """One Facts for each product that exists."""
    products = Product.objects.filter(pk__in=list(product_ids)).select_related("seller")
    names = frozenset(Attribute.objects.filter(is_filter=True).values_list("name", flat=True))
    facts = {product.pk: Facts(product, filter_names=names) for product in products}
    _add_variants(facts)
    for add in (
        _add_options,
        _add_photos,
        _add_categories,
        _add_attributes,
        _add_documents,
        _add_voices,
        _add_sold,
    ):
        add(facts)
    return list(facts.values())


def _add_variants(facts: dict[int, Facts]) -> None:
    variants = list(Variant.objects.filter(product__in=facts, is_active=True).order_by("position", "pk"))
    moment = clock.now()
    found = known_prices(variants, currency=Shop.current().currency, at=moment, is_fresh=True)
    prices = with_lowest_prices(found, at=moment)
    for variant in variants:
        variant.product = facts[variant.product_id].product
    takes = takes_of(variants)
    shelves = stock.shelves(pieces_of((wanted, 1) for wanted in takes.values()))
    free = {pk: shelf.free for pk, shelf in shelves.items()}
    there = {pk: shelf.there for pk, shelf in shelves.items()}
    cheapest_first = sorted(
        (variant for variant in variants if variant.pk in prices),
        key=lambda variant: prices[variant.pk].amount.minor,
    )
    for variant in cheapest_first:
        fact = facts[variant.product_id]
        fact.variants.append(variant)
        fact.prices[variant.pk] = prices[variant.pk]
        fact.available[variant.pk] = whole(takes[variant.pk], free)
        days = [day for pk in takes[variant.pk] if (day := shelves[pk].ships_by)]
        if days and fact.available[variant.pk] > 0 >= whole(takes[variant.pk], there):
            fact.preorders[variant.pk] = max(days)


def _add_options(facts: dict[int, Facts]) -> None:
    """Only values that some variant on sale has."""
    variants = [variant.pk for fact in facts.values() for variant in fact.variants]
    chosen = Variant.values.through.objects.filter(variant__in=variants).values("optionvalue")
    values = (
        OptionValue.objects.filter(pk__in=chosen)
        .order_by("option__position", "option_id", "position", "pk")
        .values_list(
            "pk", "name", "color", "option", "option__name", "option__must_choose", "option__product"
        )
    )
    known: dict[int, dict] = {}
    for pk, name, color, option, option_name, must_choose, product in values:
        if option not in known:
            known[option] = {"name": option_name, "must_choose": must_choose, "values": []}
            facts[product].options.append(known[option])
        known[option]["values"].append({"id": pk, "name": name, "color": color})


def _add_photos(facts: dict[int, Facts]) -> None:
    photos = list(Photo.objects.filter(product__in=facts))
    links = Photo.variants.through.objects.filter(photo__in=[photo.pk for photo in photos])
    shown = defaultdict(list)
    for photo_id, variant_id in links.values_list("photo_id", "variant_id"):
        shown[photo_id].append(variant_id)
    for photo in photos:
        assert photo.product_id is not None  # asked for by product
        picture = Picture.of(photo).as_json() | {"variants": sorted(shown[photo.pk])}
        facts[photo.product_id].photos.append(picture)


def _add_categories(facts: dict[int, Facts]) -> None:
    tree = {category.path: category for category in Category.objects.order_by("path")}
    links = Product.categories.through.objects.filter(product__in=facts)
    for product, path in links.values_list("product_id", "category__path").order_by("category__path"):
        known = facts[product].categories
        known += [tree[above] for above in tree[path].line if above in tree and tree[above] not in known]


def _add_attributes(facts: dict[int, Facts]) -> None:
    """Those that apply to the product's type. Values in their plain form: the page says them in its own language."""
    rows = ProductAttribute.objects.filter(applying(), product__in=facts)
    for row in rows.select_related("attribute", "choice"):
        facts[row.product_id].attributes.append(
            {
                "code": row.attribute.code,
                "name": row.attribute.name,
                "kind": row.attribute.kind,
                "value": row.plain,
                "unit": row.attribute.unit,
                "colour": row.choice.color if row.choice else "",
                "is_filter": row.attribute.is_filter,
                "is_section": row.attribute.is_section,
            }
        )


def _add_documents(facts: dict[int, Facts]) -> None:
    for document in ProductDocument.objects.filter(product__in=facts):
        facts[document.product_id].documents.append(documenting.plain(document))


def _add_voices(facts: dict[int, Facts]) -> None:
    """Stars of published reviews, and questions that were answered."""
    reviews = Review.objects.filter(product__in=facts, status=Review.Status.PUBLISHED)
    for product, stars, number in reviews.values_list("product_id", "stars").annotate(Count("pk")).order_by():
        facts[product].stars[stars] = number
    for question in Question.objects.filter(product__in=facts).exclude(answer=""):
        facts[question.product_id].questions.append(
            {
                "text": question.text,
                "asked_by": question.asked_by,
                "answer": question.answer,
                "answered_by": question.answered_by,
                "date": question.created_at.date().isoformat(),
            }
        )


def _add_sold(facts: dict[int, Facts]) -> None:
    shipped = Movement.objects.filter(kind=Movement.Kind.SHIP, stock_item__variant__product__in=facts)
    sums = shipped.order_by().values_list("stock_item__variant__product_id").annotate(Sum("on_hand_delta"))
    for product, moved in sums:
        facts[product].sold = -moved
