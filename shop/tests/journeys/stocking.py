"""A small shop for the journeys: part of the demo's goods with their pictures, two ways of delivery, all policy pages."""

from django.utils import translation

from catalog import stock
from catalog.finding import refreshing
from catalog.models import Product, Variant
from checkout.models import ShippingZone
from checkout.tests.factories import make_method, make_tax
from shop.demo import catalogue, german, house

GOODS = ["contour-eleven", "quiet-ridge", "rosette", "contour-mug", "nine-waves-mug"]
CATEGORIES = ["prints", "terrain", "orbits", "objects", "kitchen", "mugs"]
MUG = "Contour Mug"  # 19.00


def open_shop() -> None:
    """Sells from Austria, delivers to Austria and Germany: Standard by UPS for 4.90 up to 2 kg, Express for 14.90."""
    data = catalogue.read("catalogue")
    house.load_shop(data)
    house.load_pages()
    house.load_heroes(data["media"]["heroes"][:1])
    _fill_shelves(data)
    make_tax("AT", "20", is_eu=True)
    make_tax("DE", "19", is_eu=True)
    zone = ShippingZone.objects.create(code="near", name="Austria and Germany", countries=["AT", "DE"])
    make_method(
        zone, prices={2000: 490, 10_000: 990}, free_from_minor=6000, carrier="ups", service="ups_standard"
    )
    make_method(zone, code="express", prices={10_000: 1490}, days_min=1, days_max=1, position=1)


def _fill_shelves(data: dict) -> None:
    categories = [row for row in data["categories"] if row["slug"] in CATEGORIES]
    rows = _rows(data, GOODS)
    catalogue.load_categories({"categories": categories, "products": rows})
    _load(rows)


def stock_too(*handles: str) -> None:
    """More of the demo's goods, for the journeys that need them."""
    _load(_rows(catalogue.read("catalogue"), [*GOODS, *handles]))


def say_in_german() -> None:
    """What is sold, in the shop's second language."""
    with translation.override("en"):
        german.load()


def _rows(data: dict, handles: list[str]) -> list[dict]:
    return [
        row | {"related": [other for other in row["related"] if other in handles], "categories": _known(row)}
        for row in data["products"]
        if row["handle"] in handles
    ]


def _load(rows: list[dict]) -> None:
    catalogue.load_products(rows)
    catalogue.publish(rows)
    refreshing.refresh(Product.objects.values_list("pk", flat=True))


def _known(row: dict) -> list[str]:
    return [slug for slug in row["categories"] if slug in CATEGORIES]


def one_mug(colour: str = "Moss") -> Variant:
    """What most of the journeys buy: 19.00, and 4.90 for its delivery."""
    return Variant.objects.get(product__name=MUG, title=colour)


def free(variant: Variant) -> int:
    """How many may still be bought."""
    return stock.available([variant.pk])[variant.pk]
