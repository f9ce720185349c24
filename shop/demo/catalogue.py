"""The demo shop's catalogue: Isoline, prints and everyday objects drawn by code.

Loading again changes what differs and adds what is missing; stock, reviews and moments are left as life has made them.
Goods, sets, prints made to order, gift cards, preorders and downloads are published, each as what it is.
"""

import json
from datetime import timedelta
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from catalog import preordering, publishing, stock
from catalog.finding import refreshing
from catalog.models import (
    Category,
    CustomField,
    DigitalFile,
    Movement,
    Option,
    OptionValue,
    Product,
    Related,
    StockItem,
    StockLocation,
    Variant,
)
from catalog.products import bundling, filing
from shop.core import clock
from shop.demo import describing, guests, pictures, prices
from shop.demo.catalogue_words import BRAND, COLOURS, HOME, MENU, NEW, SEARCH_WORDS

FOLDER = Path(__file__).parent
DATA = FOLDER / "data"
Pair = tuple[Product, dict]  # a product and what the data says of it
KINDS = {
    "physical": Product.Kind.GOODS,
    "bundle": Product.Kind.BUNDLE,
    "made_to_order": Product.Kind.MADE,
    "digital": Product.Kind.DIGITAL,
    "gift_card": Product.Kind.GIFT_CARD,
}
ASKED = {"decimal": CustomField.Kind.NUMBER, "textarea": CustomField.Kind.LINES}
OPENED = timedelta(days=420)  # since when the demo shop has been open


def read(name: str) -> dict:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


@transaction.atomic
def load() -> dict[str, int]:
    """{what: how many there are now}."""
    data = read("catalogue")
    with clock.at(clock.now() - OPENED):
        load_categories(data)
        load_products(data["products"])
    publish(data["products"])
    prices.load_past()
    refreshing.refresh(Product.objects.values_list("pk", flat=True))
    return {
        "products": Product.objects.published().count(),
        "variants": Variant.objects.on_sale_now().count(),
    }


def load_categories(data: dict) -> None:
    """Branches without anything on sale are not published."""
    filled = {slug for row in data["products"] for slug in row["categories"]}
    for row in data["categories"]:
        category = Category.objects.filter(slug=row["slug"]).first() or _new_category(row)
        category.name, category.description = row["name"], row["description"]
        category.search_words = SEARCH_WORDS.get(row["slug"], "")
        category.is_published = row["slug"] in filled
        category.in_menu, category.on_home = row["slug"] in MENU, row["slug"] in HOME
        category.tile = category.tile or pictures.photo(_tile(row))
        category.save()


def _new_category(row: dict) -> Category:
    fields = {"name": row["name"], "slug": row["slug"]}
    if not row["parent"]:
        return Category.objects.add_root(fields)
    return Category.objects.add_child(Category.objects.get(slug=row["parent"]), fields)


def _tile(row: dict) -> dict:
    return {
        "file": row["tile"],
        "alt": row["tile_alt"],
        "color": row["tile_color"],
        "width": 800,
        "height": 1000,
    }


def load_products(rows: list[dict]) -> None:
    products = upsert(Product, [_product(row) for row in rows], unique=["slug"])
    by_handle = {product.slug: product for product in products}
    pairs = [(by_handle[row["handle"]], row) for row in rows]
    _link_categories(pairs)
    describing.load(pairs)
    values = _set_options(pairs)
    variants = upsert(
        Variant,
        [_variant(product, line, n) for product, row in pairs for n, line in enumerate(row["variants"])],
        unique=["sku"],
    )
    by_sku = {variant.sku: variant for variant in variants}
    _link_values(pairs, values, by_sku)
    _fill_shelves(rows, by_sku)
    _fill_sets(rows, by_sku)
    _expect(rows, by_sku)
    _file(pairs)
    _ask(pairs)
    _relate(pairs, by_handle)
    pictures.load(pairs, by_sku)


def upsert(model, rows: list, *, unique: list[str]) -> list:
    """Insert `rows`, or change those that are there by the same `unique` fields; all with their keys."""
    skipped = {"id", "status", "published_at", "created_at", "ships_by", *unique}
    names = [field.name for field in model._meta.concrete_fields if field.name not in skipped]
    return model.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=names)


def _product(row: dict) -> Product:
    return Product(
        slug=row["handle"],
        name=row["name"],
        type=describing.type_of(row),
        short_description=row["short_description"],
        description=row["description"],
        kind=KINDS[row["kind"]],
        made_in_days=row.get("production_days", {}).get("max", 0),
        is_personal=row["kind"] == "made_to_order",
        download_limit=row.get("download", {}).get("max_downloads", 5),
        download_days=row.get("download", {}).get("valid_days", 365),
        brand=BRAND,
        seller=guests.seller_of(row["handle"]),
        tax_class=row["tax_class"],
        country_of_origin=row["country_of_origin"] or "",
        hs_code=row["hs_code"] or "",
        position=row["position"],
    )


def _link_categories(pairs: list[Pair]) -> None:
    ids = dict(Category.objects.values_list("slug", "pk"))
    link = Product.categories.through
    links = [
        link(product=product, category_id=ids[slug]) for product, row in pairs for slug in row["categories"]
    ]
    link.objects.bulk_create(links, ignore_conflicts=True)


def _set_options(pairs: list[Pair]) -> dict[tuple[int, str, str], OptionValue]:
    """{(product id, option, value): the value}."""
    rows = []
    for product, row in pairs:
        for n, given in enumerate(row["options"]):
            must_choose = given["name"] == "Size" and "t-shirts" in row["categories"]
            rows.append(Option(product=product, name=given["name"], position=n, must_choose=must_choose))
    options = {(o.product_id, o.name): o for o in upsert(Option, rows, unique=["product", "name"])}
    values = [
        OptionValue(
            option=options[product.pk, given["name"]],
            name=name,
            position=n,
            color=COLOURS.get(name, ("",))[0],
        )
        for product, row in pairs
        for given in row["options"]
        for n, name in enumerate(given["values"])
    ]
    upsert(OptionValue, values, unique=["option", "name"])
    return {(value.option.product_id, value.option.name, value.name): value for value in values}


def _variant(product: Product, line: dict, position: int) -> Variant:
    size = line["dimensions_mm"] or {}
    return Variant(
        sku=line["sku"],
        product=product,
        title=" / ".join(line["options"].values()),
        ean13=line["ean13"] or "",
        price_minor=line["price"],
        compare_at_minor=line["compare_at"],
        cost_minor=line["cost"],
        weight_g=line["weight_g"] or 0,
        width_mm=size.get("width"),
        height_mm=size.get("height"),
        depth_mm=size.get("depth"),
        low_stock_at=line["low_stock_threshold"] or 5,
        position=position,
    )


def _link_values(pairs: list[Pair], values: dict, by_sku: dict[str, Variant]) -> None:
    link = Variant.values.through
    links = [
        link(variant=by_sku[line["sku"]], optionvalue=values[product.pk, option, value])
        for product, row in pairs
        for line in row["variants"]
        for option, value in line["options"].items()
    ]
    link.objects.bulk_create(links, ignore_conflicts=True)


def _fill_shelves(rows: list[dict], by_sku: dict[str, Variant]) -> None:
    """The opening stock, for variants that never had any."""
    for place, is_guests in ((studio(), False), (guests.workshop(), True)):
        wanted = {
            by_sku[line["sku"]].pk: line["stock"]
            for row in rows
            for line in row["variants"]
            if line["stock"] and (row["handle"] in guests.BINDERY) == is_guests
        }
        stocked = set(StockItem.objects.filter(variant__in=wanted).values_list("variant_id", flat=True))
        fresh = {variant: pieces for variant, pieces in wanted.items() if variant not in stocked}
        stock.stock_up(fresh, location=place, reason="opening stock")


def _expect(rows: list[dict], by_sku: dict[str, Variant]) -> None:
    """What is sold before it is there: so many pieces, shared among the variants. Once it is, life goes on from there."""
    for row in (row for row in rows if "preorder" in row):
        told = row["preorder"]
        day = timezone.localdate() + timedelta(days=told["ships_in_days"])
        variants = [by_sku[line["sku"]] for line in row["variants"]]
        known = Movement.objects.filter(kind=Movement.Kind.EXPECT, stock_item__variant__in=variants)
        for variant in variants if not known.exists() else ():
            StockItem.objects.get_or_create(variant=variant, location=studio())
            preordering.take_preorders(variant, ships_by=day, pieces=told["limit"] // len(variants))


def _file(pairs: list[Pair]) -> None:
    """What buyers of downloads get."""
    filed = set(DigitalFile.objects.values_list("product_id", flat=True))
    for product, row in pairs:
        if "download" in row and product.pk not in filed:
            path = FOLDER / row["download"]["file"]
            upload = ContentFile(path.read_bytes(), name=path.name)
            filing.add_file(product, upload=upload, title=row["name"])


def _ask(pairs: list[Pair]) -> None:
    rows = [
        CustomField(
            product=product,
            code=asked["key"],
            label=asked["label"],
            kind=ASKED.get(asked["type"], CustomField.Kind.TEXT),
            help_text=asked.get("help", ""),
            is_required=asked["required"],
            max_length=asked.get("max_length", 50),
            lowest=asked.get("min"),
            highest=asked.get("max"),
            position=n,
        )
        for product, row in pairs
        for n, asked in enumerate(row.get("personalisation", ()))
    ]
    upsert(CustomField, rows, unique=["product", "code"])


def _fill_sets(rows: list[dict], by_sku: dict[str, Variant]) -> None:
    for line in (line for row in rows for line in row["variants"] if "components" in line):
        bundle = by_sku[line["sku"]]
        parts = {by_sku[part["sku"]].pk: part["quantity"] for part in line["components"]}
        if {part.component_id: part.quantity for part in bundle.parts.all()} != parts:
            bundling.set_parts(bundle, parts=parts)


def _relate(pairs: list[Pair], by_handle: dict[str, Product]) -> None:
    rows = [
        Related(product=product, other=by_handle[handle], position=n)
        for product, row in pairs
        for n, handle in enumerate(row["related"])
    ]
    upsert(Related, rows, unique=["product", "kind", "other"])


def studio() -> StockLocation:
    place = read("shipping")["origin"]
    defaults = {
        "name": "Studio",
        "street": "Linienweg 11",
        "postcode": place["postcode"],
        "city": place["city"],
        "country": place["country"],
        "phone": "+43 1 5550011",
    }
    return StockLocation.objects.get_or_create(code="studio", defaults=defaults)[0]


def publish(rows: list[dict]) -> None:
    """Put on sale what is sold and was never published; a few only lately, so that something is new."""
    waiting = Product.objects.filter(published_at=None, status=Product.Status.DRAFT).in_bulk(
        field_name="slug"
    )
    for row in rows:
        product = waiting.get(row["handle"])
        if product:
            publishing.publish(product)
            age = timedelta(days=NEW.get(row["handle"], 400 - 4 * row["position"]))
            Product.objects.filter(pk=product.pk).update(published_at=clock.now() - age)
