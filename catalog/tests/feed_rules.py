"""The published rules for feeds, as a validator of our own: each function returns what is wrong, in words.

Google: Merchant Center Help, "Product data specification". Meta: "Catalog Fields" and "Reference - Catalog". It shares no
code with what writes the feeds.
"""

import csv
import io
import re
from collections import Counter
from datetime import datetime
from decimal import Decimal
from xml.etree import ElementTree

G = "{http://base.google.com/ns/1.0}"
GOOGLE_REQUIRED = ["id", "title", "description", "link", "image_link", "availability", "price"]
GOOGLE_MOST = {
    "id": 50, "title": 150, "description": 5000, "link": 2000, "image_link": 2000, "additional_image_link": 2000,
    "brand": 70, "gtin": 14, "mpn": 70, "item_group_id": 50, "product_type": 750, "color": 100, "size": 100,
    "material": 200, "pattern": 100, "sale_price_effective_date": 51,
}  # fmt: skip
GOOGLE_ONE_OF = {
    "availability": {"in_stock", "out_of_stock", "preorder", "backorder"},
    "condition": {"new", "refurbished", "used"},
    "identifier_exists": {"yes", "no", "true", "false"},
    "is_bundle": {"yes", "no", "true", "false"},
}
META_REQUIRED = [
    "id",
    "title",
    "description",
    "availability",
    "condition",
    "price",
    "link",
    "image_link",
    "brand",
]
META_MOST = {
    "id": 100, "title": 200, "description": 9999, "brand": 100, "product_type": 750, "color": 200, "size": 200,
    "material": 200, "pattern": 100, "item_group_id": 100,
}  # fmt: skip
META_ONE_OF = {
    "availability": {"in stock", "out of stock", "available for order", "preorder", "discontinued"},
    "condition": {"new", "refurbished", "used"},
}
MEASURE = re.compile(r"(\d+(?:\.\d+)?) ?(oz|lb|mg|g|kg|floz|pt|qt|gal|ml|cl|l|cbm|in|ft|yd|cm|m|sqft|sqm|ct)")
DIMENSIONS = [
    {"oz", "lb", "mg", "g", "kg"},
    {"floz", "pt", "qt", "gal", "ml", "cl", "l", "cbm"},
    {"in", "ft", "yd", "cm", "m"},
    {"sqft", "sqm"},
    {"ct"},
]
PRICE = re.compile(r"\d+(\.\d{1,3})? [A-Z]{3}")


def google_rows(content: bytes) -> list[dict[str, list[str]]]:
    channel = ElementTree.fromstring(content).find("channel")
    rows = []
    for item in channel.iterfind("item"):
        row: dict[str, list[str]] = {}
        for field in item:
            row.setdefault(field.tag.removeprefix(G), []).append(field.text or "")
        rows.append(row)
    return rows


def meta_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))


def google_faults(content: bytes) -> list[str]:
    root = ElementTree.fromstring(content)
    faults = [] if root.tag == "rss" and root.get("version") == "2.0" else ["not RSS 2.0"]
    faults += [
        f"channel has no {name}"
        for name in ("title", "link", "description")
        if not root.findtext(f"channel/{name}")
    ]
    rows = google_rows(content)
    faults += _twice([row["id"][0] for row in rows])
    for row in rows:
        many = [name for name, values in row.items() if len(values) > 1 and name != "additional_image_link"]
        faults += [f"{name} more than once" for name in many]
        if len(row.get("additional_image_link", ())) > 10:
            faults.append("more than ten additional pictures")
        flat = {name: values[0] for name, values in row.items()}
        faults += _missing(flat, GOOGLE_REQUIRED) + _long(flat, GOOGLE_MOST) + _words(flat, GOOGLE_ONE_OF)
        faults += _common(flat, row.get("additional_image_link", []))
        faults += _measures(flat)
        if flat["availability"] == "preorder" and not flat.get("availability_date"):
            faults.append("a preorder without a day")
        if (
            not flat.get("gtin")
            and not (flat.get("brand") and flat.get("mpn"))
            and flat.get("identifier_exists") != "no"
        ):
            faults.append("neither a number nor the word that there is none")
    return faults


def meta_faults(content: bytes) -> list[str]:
    rows = meta_rows(content)
    faults = _twice([row["id"] for row in rows])
    for row in rows:
        extra = [url for url in row["additional_image_link"].split(",") if url]
        faults += _missing(row, META_REQUIRED) + _long(row, META_MOST) + _words(row, META_ONE_OF)
        faults += _common({name: value for name, value in row.items() if value}, extra)
        if len(extra) > 20:
            faults.append("more than twenty additional pictures")
    return faults


def _twice(ids: list[str]) -> list[str]:
    return [f"{one} stands there twice" for one, times in Counter(ids).items() if times > 1]


def _missing(row, names):
    return [f"{row.get('id')}: no {name}" for name in names if not row.get(name, "").strip()]


def _long(row, most):
    return [
        f"{name} is {len(row[name])} long" for name, length in most.items() if len(row.get(name, "")) > length
    ]


def _words(row, allowed):
    return [
        f"{name}: {row[name]}" for name, words in allowed.items() if row.get(name, "") not in words | {""}
    ]


def _common(row: dict[str, str], pictures: list[str]) -> list[str]:
    """Numbers, moments, addresses: as both takers want them."""
    faults = [
        f"{name}: {row[name]}"
        for name in ("price", "sale_price")
        if name in row and not (PRICE.fullmatch(row[name]) and Decimal(row[name].split()[0]) > 0)
    ]
    if (
        not faults
        and "sale_price" in row
        and Decimal(row["sale_price"].split()[0]) >= Decimal(row["price"].split()[0])
    ):
        faults.append("a sale that is no cheaper")
    if "sale_price_effective_date" in row:
        if "sale_price" not in row:
            faults.append("a period without a sale")
        starts, ends = map(datetime.fromisoformat, row["sale_price_effective_date"].split("/"))
        if starts.tzinfo is None or ends.tzinfo is None or starts >= ends:
            faults.append(f"period {row['sale_price_effective_date']}")
    for url in [row.get("link", ""), row.get("image_link", ""), *pictures]:
        if not re.fullmatch(r"https?://[!-~]+", url):
            faults.append(f"address {url}")
    if "gtin" in row and not _is_gtin(row["gtin"]):
        faults.append(f"gtin {row['gtin']}")
    if "shipping_weight" in row and not re.fullmatch(r"\d+(\.\d+)? (g|kg|lb|oz)", row["shipping_weight"]):
        faults.append(f"weight {row['shipping_weight']}")
    if re.search(r"<\w+", row.get("description", "")):
        faults.append("markup in the description")
    return faults


def _measures(row: dict[str, str]) -> list[str]:
    """A measure is a positive number and a unit; a base is a whole number, of a unit of the same kind."""
    measure, base = row.get("unit_pricing_measure"), row.get("unit_pricing_base_measure")
    if measure is None:
        return ["a base without a measure"] if base else []
    found, for_what = MEASURE.fullmatch(measure), MEASURE.fullmatch(base or "1 ct")
    if not found or not for_what or Decimal(found[1]) <= 0 or "." in for_what[1]:
        return [f"measure {measure} for {base}"]
    if base and not any({found[2], for_what[2]} <= units for units in DIMENSIONS):
        return [f"{measure} is not comparable with {base}"]
    return []


def _is_gtin(number: str) -> bool:
    if not number.isdigit() or len(number) not in (8, 12, 13, 14) or number.startswith(("2", "02", "04")):
        return False
    weighed = [int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(number))]
    return sum(weighed) % 10 == 0
