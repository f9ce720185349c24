"""What the shop knows of the products that a few items of a file speak of, read in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from catalog.importing import photos
from catalog.importing.names import sku_from
from catalog.importing.records import ProductRecord
from catalog.importing.texts import slug_of
from catalog.ledger import locked
from catalog.models import (
    Attribute,
    BundlePart,
    Category,
    CustomField,
    Option,
    OptionValue,
    Photo,
    Product,
    ProductAttribute,
    ProductType,
    Related,
    StockItem,
    StockLocation,
    Variant,
)
from shop.accounts.models import Seller


@dataclass
class Known:
    """Everything is looked up by what a file calls it."""

    taken: set[str] = field(default_factory=set)  # addresses that new products cannot have
    by_slug: dict[str, Product] = field(default_factory=dict)
    by_pk: dict[int, Product] = field(default_factory=dict)
    by_sku: dict[str, Variant] = field(default_factory=dict)
    variants: dict[int, list[Variant]] = field(default_factory=lambda: defaultdict(list))  # of a product
    options: dict[int, list[Option]] = field(default_factory=lambda: defaultdict(list))
    values: dict[int, list[OptionValue]] = field(default_factory=lambda: defaultdict(list))  # of an option
    choices: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))  # variant: values
    places: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))  # product: categories
    attributes: dict[int, dict[int, list[str]]] = field(default_factory=dict)  # product: {attribute: values}
    photos: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))  # file names and addresses
    stock: dict[tuple[int, int], StockItem] = field(default_factory=dict)  # (variant, place)
    locations: dict[str, StockLocation] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)  # by name
    sellers: dict[str, Seller] = field(default_factory=dict)  # by slug
    questions: dict[int, list[CustomField]] = field(default_factory=lambda: defaultdict(list))  # of a product
    related: dict[tuple[int, str], list[str]] = field(default_factory=lambda: defaultdict(list))  # slugs
    parts: dict[int, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))  # of a set
    sales: dict[tuple[int, str], int] = field(default_factory=dict)  # (variant, name of a sale): minor units
    own_places: set[int] = field(default_factory=set)  # sellers that have open places of their own
    attribute_names: dict[str, Attribute] = field(default_factory=dict)  # by small name and by "code:…"
    branches: dict[tuple[str, ...], list[int]] = field(default_factory=lambda: defaultdict(list))

    def may_lie(self, product: Product, place: StockLocation) -> bool:
        """As catalog.products.owning.places_of has it, of what was read already."""
        return place.seller_id == (product.seller_id if product.seller_id in self.own_places else None)


def look_up(records: Iterable[ProductRecord], *, is_locking: bool = False) -> Known:
    """`is_locking` keeps everybody else from the stock of these products until the transaction ends."""
    records = list(records)
    known = Known()
    _find_products(known, records)
    _find_choices(known)
    _find_facts(known)
    _find_photos(known)
    _find_stock(known, is_locking=is_locking)
    _find_branches(known)
    _find_company(known)
    return known


def _find_products(known: Known, records: list[ProductRecord]) -> None:
    skus = [variant.sku for record in records for variant in record.variants]
    slugs = [record.slug for record in records if record.slug]
    known.taken = _taken(records)
    owners = Variant.objects.filter(sku__in=skus).values("product")
    for product in Product.objects.filter(Q(slug__in=slugs) | Q(pk__in=owners)):
        known.by_slug[product.slug] = known.by_pk[product.pk] = product
    for variant in Variant.objects.filter(product__in=known.by_pk).order_by("position", "pk"):
        known.by_sku[variant.sku] = variant
        known.variants[variant.product_id].append(variant)


def addresses_for(record: ProductRecord) -> list[str]:
    """What a new product of a file without addresses may be called, the best first."""
    name, skus = record.values.get("name", ""), [variant.sku for variant in record.variants] or ["0"]
    mark = sku_from(name, *skus)[-8:].lower()
    plain = slug_of(name, most=120, otherwise=f"product-{slug_of(skus[0], most=40, otherwise=mark)}")
    return [plain, f"{plain}-{slug_of(skus[0], most=29, otherwise=mark)}", f"{plain}-{mark}"]


def _taken(records: list[ProductRecord]) -> set[str]:
    wanted = [slug for record in records if not record.slug for slug in addresses_for(record)]
    return set(Product.objects.filter(slug__in=wanted).values_list("slug", flat=True)) if wanted else set()


def _find_choices(known: Known) -> None:
    for option in Option.objects.filter(product__in=known.by_pk).order_by("position", "pk"):
        known.options[option.product_id].append(option)
    for value in OptionValue.objects.filter(option__product__in=known.by_pk).order_by("position", "pk"):
        known.values[value.option_id].append(value)
    links = Variant.values.through.objects.filter(variant__product__in=known.by_pk)
    for variant, chosen in links.values_list("variant_id", "optionvalue_id"):
        known.choices[variant].add(chosen)


def _find_facts(known: Known) -> None:
    for attribute in Attribute.objects.all():
        known.attribute_names[attribute.name.lower()] = attribute
        known.attribute_names[f"code:{attribute.code}"] = attribute
    rows = ProductAttribute.objects.filter(product__in=known.by_pk).select_related("choice")
    for row in rows.order_by("position", "pk"):
        facts = known.attributes.setdefault(row.product_id, {})
        facts.setdefault(row.attribute_id, []).append(row.plain)


def _find_photos(known: Known) -> None:
    """A picture of ours is known by the end of its address, one that was asked for by all of it."""
    for photo in Photo.objects.filter(product__in=known.by_pk):
        assert photo.product_id is not None  # asked for by product
        known.photos[photo.product_id].add(str(photo.file.name))
    for product, urls in photos.addresses(known.by_pk).items():
        known.photos[product] |= urls


def _find_stock(known: Known, *, is_locking: bool) -> None:
    known.locations = {place.code: place for place in StockLocation.objects.all()}
    known.own_places = {
        place.seller_id for place in known.locations.values() if place.is_active and place.seller_id
    }
    which = Q(variant__product__in=list(known.by_pk))
    items = locked(which).values() if is_locking else StockItem.objects.filter(which)
    for item in items:
        known.stock[item.variant_id, item.location_id] = item


def _find_company(known: Known) -> None:
    """Types, sellers, questions, and what points to other products."""
    known.types = dict(ProductType.objects.values_list("name", "pk"))
    known.sellers = {seller.slug: seller for seller in Seller.objects.all()}
    if not known.by_pk:
        return
    for question in CustomField.objects.filter(product__in=known.by_pk).order_by("position", "pk"):
        known.questions[question.product_id].append(question)
    related = Related.objects.filter(product__in=known.by_pk).order_by("kind", "position", "pk")
    for product, kind, slug in related.values_list("product_id", "kind", "other__slug"):
        known.related[product, kind].append(slug)
    parts = BundlePart.objects.filter(bundle__product__in=known.by_pk).order_by("position", "pk")
    for bundle, sku, pieces in parts.values_list("bundle_id", "component__sku", "quantity"):
        known.parts[bundle].append((sku, pieces))


def _find_branches(known: Known) -> None:
    names: dict[str, tuple[str, ...]] = {}
    step = Category.steplen
    for pk, path, name in Category.objects.order_by("path").values_list("pk", "path", "name"):
        names[path] = (*names.get(path[:-step], ()), name)
        known.branches[names[path]].append(pk)
    links = Product.categories.through.objects.filter(product__in=known.by_pk)
    for product, category in links.values_list("product_id", "category_id"):
        known.places[product].add(category)
