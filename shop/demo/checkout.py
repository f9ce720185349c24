"""Taxes and ways of delivery of the demo shop. Loading again changes what differs and adds what is missing.

A delivery country without tax rates is an export. US states add their tax to the price, rounded on the invoice; a state
whose rate is not known is not delivered to.
"""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from checkout.models import (
    Holiday,
    ShippingMethod,
    ShippingRate,
    ShippingSurcharge,
    ShippingZone,
    TaxClass,
    TaxRate,
    TaxZone,
)

DATA = Path(__file__).parent / "data"
CARRIERS = {  # zone, method → carrier and its service; the rest travels with FedEx
    ("eu-near", "standard"): ("ups", "ups_standard"),
    ("eu-near", "express"): ("ups", "ups_worldwide_saver"),
    ("eu-near", "pickup"): ("manual", ""),
    ("eu", "standard"): ("ups", "ups_standard"),
    ("eu", "express"): ("fedex", "fedex_international_priority"),
    ("gb", "standard"): ("ups", "ups_standard"),
    ("ch", "standard"): ("ups", "ups_standard"),
}
OVERSEAS = {
    "standard": ("fedex", "fedex_international_economy"),
    "express": ("fedex", "fedex_international_priority"),
}
VAT, SALES_TAX = "VAT", "Sales tax"
ISLANDS = (
    "18565, 25849, 25859, 25863, 25869, 25938-25997, 26465, 26474, 26486, 26548, 26571, 26579, 26757, 27498"
)
OUTSIDE = {  # no part of the EU's VAT area (Directive 2006/112/EC, Article 6)
    ("ES", "Canary Islands, Ceuta, Melilla"): ["35", "38", "51", "52"],
    ("DE", "Heligoland, Büsingen"): ["27498", "78266"],
    ("IT", "Livigno"): ["23041"],
}


@transaction.atomic
def load() -> dict[str, int]:
    """{what: how many there are now}."""
    load_taxes(json.loads((DATA / "tax.json").read_text(encoding="utf-8")))
    load_shipping(json.loads((DATA / "shipping.json").read_text(encoding="utf-8")))
    return {
        "tax rates": TaxRate.objects.count(),
        "ways of delivery": ShippingMethod.objects.count(),
    }


def load_taxes(data: dict) -> None:
    classes = {
        row["code"]: TaxClass.objects.update_or_create(code=row["code"], defaults={"name": row["name"]})[0]
        for row in data["classes"]
    }
    reduced = data["class_rates"]["reduced"]
    for row in data["vat"]:
        country = row["country"]
        zone = _zone(country, "", is_eu=row["eu"])
        standard = row["standard"]
        percents = {"standard": standard, "reduced": reduced.get(country, standard), "digital": standard}
        for code, percent in percents.items():
            _rate(zone, classes[code], VAT, percent)
    for (country, name), postcodes in OUTSIDE.items():
        TaxZone.objects.update_or_create(
            code=f"{country}-outside".lower(),
            defaults={"name": name, "country": country, "postcodes": postcodes, "mode": TaxZone.Mode.OUTSIDE},
        )
    for row in data["us_states"]["rates"]:
        zone = _zone("US", row["state"], mode=TaxZone.Mode.EXCLUSIVE, rounding=TaxZone.Rounding.INVOICE)
        for tax_class in classes.values():
            _rate(zone, tax_class, SALES_TAX, row["rate"])


def _zone(country: str, region: str, **fields) -> TaxZone:
    code = f"{country}-{region}".strip("-")
    wanted = {"code": code.lower(), "name": code} | fields
    return TaxZone.objects.update_or_create(country=country, region=region, postcodes=[], defaults=wanted)[0]


def _rate(zone: TaxZone, tax_class: TaxClass, name: str, percent: str) -> None:
    TaxRate.objects.update_or_create(
        zone=zone, tax_class=tax_class, name=name, valid_to=None, defaults={"percent": Decimal(percent)}
    )


def load_shipping(data: dict) -> None:
    for day in data["holidays"]:
        Holiday.objects.get_or_create(day=date.fromisoformat(day))
    for position, row in enumerate(data["zones"]):
        zone, _made = ShippingZone.objects.update_or_create(
            code=row["code"],
            defaults={"name": row["name"], "countries": row["countries"], "position": position},
        )
        for place, method in enumerate(row["methods"]):
            _method(zone, method, place)
    _islands()


def _islands() -> None:
    """Germany's islands cost more; a parcel bears 15 kg, heavier orders travel in several."""
    near = ShippingMethod.objects.filter(zone__code="eu-near", is_pickup=False)
    near.update(parcel_max_g=15_000)
    for method in near:
        ShippingSurcharge.objects.update_or_create(
            method=method, name="Island", defaults={"price_minor": 990, "postcodes": ISLANDS}
        )
        ShippingSurcharge.objects.update_or_create(
            method=method,
            name="Bulky goods",
            defaults={"price_minor": 1900, "shipping_class": "bulky", "is_per_piece": True},
        )


def _method(zone: ShippingZone, row: dict, position: int) -> None:
    carrier, service = CARRIERS.get((zone.code, row["code"])) or OVERSEAS[row["code"]]
    method, _made = ShippingMethod.objects.update_or_create(
        zone=zone,
        code=row["code"],
        defaults={
            "name": row["name"],
            "carrier": carrier,
            "service": service,
            "days_min": row["delivery_days"]["min"],
            "days_max": row["delivery_days"]["max"],
            "cut_off": row["cut_off"],
            "free_from_minor": row["free_from"],
            "only_countries": row.get("only_countries", []),
            "is_pickup": row["code"] == "pickup",
            "is_tracked": row["tracked"],
            "has_import_charges": row.get("import_charges") == "by_recipient",
            "position": position,
        },
    )
    for rate in row["weight_table"]:
        ShippingRate.objects.update_or_create(
            method=method, up_to=rate["up_to_g"], defaults={"price_minor": rate["price"]}
        )
