"""A synthetic catalogue of any size, for measuring: plausible words, prices and stock, the same for the same numbers.

Everything is written in bulk; the search rows come from the ordinary refresh, so that what is measured is what is sold.
"""

import random
from collections.abc import Callable, Iterator
from itertools import islice

from django.db import transaction
from django.utils import timezone

from catalog import stock
from catalog.models import Category, Photo, Product, StockLocation, Variant
from catalog.refreshing import refresh

BATCH = 2000
LEAVES = 50  # categories that share the products
QUALITIES = """
    amber azure birch bold brass bright calm carved clear cobalt coral cotton crisp curved deep
    dusky early fine folded frosted gentle glazed golden green hazel honest inked ivory jade large
    late light linen little low lunar matte misty mossy narrow noble oak ochre olive open pale paper
    pearl pine plain quiet red river round rustic sandy silver slate small smooth soft solid steel
    still stone sunny tall teal tidal velvet violet warm white wide wild woven
""".split()  # noqa: SIM905
THINGS = """
    basket blanket board book bottle bowl box brush bucket candle canister carafe chair clock
    coaster cup cushion dish drawer easel flask frame glass hook jar jug kettle knife lamp ladle mat
    mirror mug notebook organiser pan pillow pitcher plate planter pot poster print rack rug scarf
    shelf spoon stand stool table teapot throw towel tray vase
""".split()  # noqa: SIM905

Told = Callable[[int], None]


def seed(products: int, *, told: Told = lambda done: None) -> int:
    """Add `products` products, each with one variant, stock and a place in the tree; `told` hears how many are done."""
    location = StockLocation.objects.order_by("preference", "pk").first() or StockLocation.objects.create(
        code="synthetic", name="Synthetic"
    )
    leaves, photos = _leaves(), list(Photo.objects.filter(product__isnull=False).order_by("pk")[:120])
    start = Product.objects.filter(slug__startswith="synthetic-").count()
    numbers, done = iter(range(start, start + products)), 0
    while batch := list(islice(numbers, BATCH)):
        refresh(_add(batch, leaves=leaves, location=location, photos=photos))
        done += len(batch)
        told(done)
    return done


@transaction.atomic
def _add(
    numbers: list[int], *, leaves: list[Category], location: StockLocation, photos: list[Photo]
) -> list[int]:
    products = Product.objects.bulk_create(map(_product, numbers))
    variants = Variant.objects.bulk_create(map(_variant, products, numbers))
    link = Product.categories.through
    link.objects.bulk_create(
        link(product_id=product.pk, category_id=leaves[number % len(leaves)].pk)
        for product, number in zip(products, numbers, strict=True)
    )
    if photos:
        Photo.objects.bulk_create(_photos(products, numbers, photos))
    _put_on_shelf(variants, numbers, location)
    return [product.pk for product in products]


def _product(number: int) -> Product:
    chance = random.Random(number)  # noqa: S311 - repeatable, and nothing depends on it
    first, second = chance.sample(QUALITIES, 2)
    name = f"{first.title()} {second} {chance.choice(THINGS)} {number}"
    words = " ".join(chance.choices(QUALITIES + THINGS, k=40))
    return Product(
        name=name,
        slug=f"synthetic-{number}",
        status=Product.Status.ACTIVE,
        short_description=f"A {first} thing, number {number}.",
        description=words.capitalize() + ".",
        country_of_origin="AT",
        position=1000 + number,
        published_at=timezone.now(),
    )


def _variant(product: Product, number: int) -> Variant:
    price = 500 + number * 7919 % 20000
    return Variant(
        product=product,
        sku=f"SYN-{number:07}",
        price_minor=price,
        compare_at_minor=price * 5 // 4 if number % 7 == 0 else None,
        cost_minor=price // 3,
        weight_g=100 + number % 2900,
    )


def _photos(products: list[Product], numbers: list[int], photos: list[Photo]) -> Iterator[Photo]:
    """The picture files of the products that are there already, shared."""
    for product, number in zip(products, numbers, strict=True):
        like = photos[number % len(photos)]
        yield Photo(
            product=product,
            file=like.file.name,
            alt=product.name,
            width=like.width,
            height=like.height,
            color=like.color,
            widths=like.widths,
        )


def _put_on_shelf(variants: list[Variant], numbers: list[int], location: StockLocation) -> None:
    """Every twentieth is sold out. The ledger says where the pieces came from, as it does for all others."""
    pieces = {
        variant.pk: 60 + number % 900
        for variant, number in zip(variants, numbers, strict=True)
        if number % 20 != 19
    }
    stock.stock_up(pieces, location=location, reason="synthetic")


def _leaves() -> list[Category]:
    """LEAVES categories below one branch of their own."""
    root = Category.objects.filter(slug="synthetic").first()
    root = root or Category.objects.add_root({"name": "Synthetic", "slug": "synthetic"})
    known = {category.slug: category for category in Category.objects.filter(slug__startswith="synthetic-")}
    for number in range(LEAVES):
        slug = f"synthetic-{number}"
        if slug not in known:
            known[slug] = Category.objects.add_child(
                Category.objects.get(pk=root.pk), {"name": f"{THINGS[number].title()}s", "slug": slug}
            )
    return [known[f"synthetic-{number}"] for number in range(LEAVES)]
