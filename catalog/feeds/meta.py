"""Meta's catalogue (Facebook, Instagram): CSV with one line a variant.

Source: Meta for Developers, "Catalog Fields" and "Reference - Catalog". Words for availability have spaces where Google's
have underscores.
"""

import csv
import io

from catalog.feeds.fields import amount, period, plain
from catalog.feeds.items import Item
from shop.core.models import Shop

CONTENT_TYPE = "text/csv; charset=utf-8"
COLUMNS = [
    "id",
    "title",
    "description",
    "availability",
    "condition",
    "price",
    "link",
    "image_link",
    "brand",
    "additional_image_link",
    "sale_price",
    "sale_price_effective_date",
    "item_group_id",
    "gtin",
    "product_type",
    "color",
    "size",
    "material",
    "pattern",
    "shipping_weight",
]
TAIL = ""


def head(shop: Shop) -> str:
    return _line(COLUMNS)


def entry(item: Item) -> str:
    known = {
        "id": item.sku,
        "title": plain(item.title, 200),
        "description": plain(item.description, 9999),
        "availability": _availability(item),
        "condition": "new",
        "price": amount(item.price),
        "link": item.url,
        "image_link": item.pictures[0],
        "brand": plain(item.brand, 100),
        "additional_image_link": ",".join(item.pictures[1:]),
        "sale_price": amount(item.sale) if item.sale else "",
        "sale_price_effective_date": period(item.sale_from, item.sale_until) if item.sale_until else "",
        "item_group_id": item.group,
        "gtin": item.gtin,
        "product_type": plain(" > ".join(item.path), 750),
        "shipping_weight": f"{item.weight_g} g" if item.weight_g else "",
    } | {name: plain(value, 200) for name, value in item.properties.items()}
    return _line([known.get(name, "") for name in COLUMNS])


def _availability(item: Item) -> str:
    if item.ships_by:
        return "preorder"
    return "in stock" if item.is_available else "out of stock"


def _line(values: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(values)
    return out.getvalue()
