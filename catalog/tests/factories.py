"""Plain functions that make rows of the catalogue; every argument has a sensible default."""

from itertools import count

from django.utils import timezone
from django.utils.text import slugify

from catalog import stock as shelves
from catalog.models import (
    Attribute,
    AttributeChoice,
    Category,
    Option,
    OptionValue,
    PriceList,
    Product,
    ProductType,
    StockItem,
    StockLocation,
    Variant,
)
from catalog.prices.reading import forget_rules
from catalog.products import bundling
from shop.accounts.models import CustomerGroup

_numbers = count(1)


def make_group(name="trade customers", *members) -> CustomerGroup:
    group = CustomerGroup.objects.get_or_create(name=name)[0]
    group.members.add(*members)
    return group


def make_price_list(name=None, *, prices=None, **over) -> PriceList:
    """A list in use, with {variant: amount} or {variant: {from quantity: amount}}."""
    found = PriceList.objects.create(name=name or f"List {next(_numbers)}", **over)
    for variant, given in (prices or {}).items():
        steps = given if isinstance(given, dict) else {1: given}
        for from_quantity, minor in steps.items():
            found.prices.create(variant=variant, from_quantity=from_quantity, price_minor=minor)
    forget_rules()
    return found


def make_location(code="studio", **over) -> StockLocation:
    """The same place each time it is asked for by the same code."""
    address = {
        "street": "Musterstraße 1",
        "postcode": "1010",
        "city": "Wien",
        "country": "AT",
        "phone": "+4315550100",
    }
    defaults = {"name": code.title()} | address | over
    return StockLocation.objects.get_or_create(code=code, defaults=defaults)[0]


def make_category(name=None, *, parent=None, **over) -> Category:
    name = name or f"Category {next(_numbers)}"
    fields = {"name": name, "slug": slugify(name)} | over
    tree = Category.objects
    return tree.add_child(parent, fields) if parent else tree.add_root(fields)


def make_attribute(name, kind="text", *, choices=(), types=(), **over) -> Attribute:
    """`choices` are names, or {name: colour}."""
    attribute = Attribute.objects.create(name=name, code=slugify(name), kind=kind, **over)
    colours = choices if isinstance(choices, dict) else dict.fromkeys(choices, "")
    for place, (choice, color) in enumerate(colours.items()):
        AttributeChoice.objects.create(attribute=attribute, name=choice, color=color, position=place)
    attribute.types.set(types)
    return attribute


def make_type(name, *attributes) -> ProductType:
    kind = ProductType.objects.create(name=name)
    kind.attributes.set(attributes)
    return kind


def make_product(name=None, *, categories=(), published=True, **over) -> Product:
    """On sale, unless `published` is false; without variants."""
    name = name or f"Teapot {next(_numbers)}"
    fields = {"name": name, "slug": slugify(name)} | over
    if published:
        fields = {"status": Product.Status.ACTIVE, "published_at": timezone.now()} | fields
    product = Product.objects.create(**fields)
    product.categories.add(*categories)
    return product


def make_variant(*, stock=None, product=None, sku=None, location=None, published=True, **over) -> Variant:
    """A variant of `product` (or of a new one) for 29.00, with `stock` pieces on the shelf; None: never stocked."""
    product = product or make_product(published=published)
    fields = {"price_minor": 2900, "currency": "EUR", "weight_g": 300} | over
    variant = Variant.objects.create(product=product, sku=sku or f"SKU-{next(_numbers)}", **fields)
    if stock is not None:
        put_on_shelf(variant, stock, location=location)
    return variant


def make_choices(variant, *, must_choose=False, **choices) -> None:
    """Give the variant option values, e.g. Size="A4", Frame="Oak"."""
    for position, (name, value) in enumerate(choices.items()):
        fields = {"position": position, "must_choose": must_choose}
        option, _made = Option.objects.get_or_create(product=variant.product, name=name, defaults=fields)
        variant.values.add(OptionValue.objects.get_or_create(option=option, name=value)[0])


def put_on_shelf(variant, pieces, *, location=None) -> StockItem:
    location = location or make_location()
    if pieces:
        return shelves.receive(variant, location=location, quantity=pieces, reason="first stock")
    return StockItem.objects.get_or_create(variant=variant, location=location)[0]


def make_set(parts, *, published=True, **over) -> Variant:
    """A set on sale for 50.00 that consists of {variant: pieces}."""
    product = make_product(kind=Product.Kind.BUNDLE, published=published)
    bundle = make_variant(product=product, **({"price_minor": 5000} | over))
    bundling.set_parts(bundle, parts={part.pk: pieces for part, pieces in parts.items()})
    bundle.refresh_from_db()
    return bundle
