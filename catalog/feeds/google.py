"""Google Merchant Center: RSS 2.0 with Google's namespace.

Source: Merchant Center Help, "Product data specification" (answer 7052112). Where a product has no number of GS1,
identifier_exists says so: made up numbers are refused. The shop sells new goods only.
"""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from catalog.feeds.fields import amount, period, plain
from catalog.feeds.items import Item
from catalog.products.unit_pricing import Unit
from shop.core.http import absolute
from shop.core.models import Shop

CONTENT_TYPE = "application/xml; charset=utf-8"
LENGTHS = {"title": 150, "description": 5000, "product_type": 750, "brand": 70, "color": 100, "size": 100}
MEASURES: dict[
    str, tuple[str, str]
] = {  # unit: (Google's word, what the price is said for), as the page says it
    Unit.GRAM: ("g", "1 kg"),
    Unit.KILOGRAM: ("kg", "1 kg"),
    Unit.MILLILITRE: ("ml", "1 l"),
    Unit.LITRE: ("l", "1 l"),
    Unit.CENTIMETRE: ("cm", "1 m"),
    Unit.METRE: ("m", "1 m"),
    Unit.SQUARE_METRE: ("sqm", "1 sqm"),
    Unit.PIECE: ("ct", "1 ct"),
}
DEFAULT = 200  # of material and pattern


def head(shop: Shop) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">\n<channel>'
        f"<title>{escape(plain(shop.name, 150))}</title><link>{escape(absolute('/'))}</link>"
        f"<description>{escape(plain(shop.tagline or shop.name, 5000))}</description>\n"
    )


TAIL = "</channel>\n</rss>\n"


def entry(item: Item) -> str:
    return (
        f"<item>{''.join(f'<g:{name}>{escape(value)}</g:{name}>' for name, value in fields(item))}</item>\n"
    )


def fields(item: Item) -> Iterator[tuple[str, str]]:
    yield "id", item.sku
    yield "title", _cut("title", item.title)
    yield "description", _cut("description", item.description)
    yield "link", item.url
    yield "image_link", item.pictures[0]
    yield from (("additional_image_link", url) for url in item.pictures[1:])
    if item.ships_by:
        yield "availability", "preorder"
        yield "availability_date", item.ships_by.isoformat()
    else:
        yield "availability", "in_stock" if item.is_available else "out_of_stock"
    yield "price", amount(item.price)
    if item.sale:
        yield "sale_price", amount(item.sale)
        if item.sale_until:
            yield "sale_price_effective_date", period(item.sale_from, item.sale_until)
    yield "condition", "new"
    yield "brand", _cut("brand", item.brand)
    yield from [("gtin", item.gtin)] if item.gtin else [("identifier_exists", "no")]
    if item.group:
        yield "item_group_id", item.group
    if item.path:
        yield "product_type", _cut("product_type", " > ".join(item.path))
    if item.weight_g:
        yield "shipping_weight", f"{item.weight_g} g"
    if item.content:
        amount_of, unit = item.content
        name, base = MEASURES[unit]
        yield "unit_pricing_measure", f"{amount_of.normalize():f} {name}"
        yield "unit_pricing_base_measure", base
    if item.is_set:
        yield "is_bundle", "yes"
    yield from ((name, _cut(name, value)) for name, value in item.properties.items())


def _cut(name: str, text: str) -> str:
    return plain(text, LENGTHS.get(name, DEFAULT))
