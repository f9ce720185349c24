"""Our parcels and parties in karrio's unified models, its results in our units.

What karrio would do unasked is prevented here: it moves a house number before the street's name, and cuts street lines
and phone numbers at their maximum without a word.
"""

from collections.abc import Sequence
from decimal import Decimal
from textwrap import wrap
from typing import Any

from django.utils.translation import gettext as _

from shop.core.money import Money

from .base import CarrierRefused, Parcel, Party, Rate
from .transport import library

LINE, LINES = 35, 2  # the longest street line, and how many of them karrio passes on


def request(
    kind: str, parcels: Sequence[Parcel], *, sender: Party, recipient: Party, carrier: str, **more: Any
) -> Any:
    """karrio's `RateRequest` or `ShipmentRequest`. Raises CarrierRefused where an address does not fit."""
    known = library()
    currency = known.lib.units.CountryCurrency.map(sender.country).value
    return getattr(known.models, kind)(
        shipper=address(sender, carrier=carrier),
        recipient=address(recipient, carrier=carrier),
        parcels=[box(parcel) for parcel in parcels],
        options={"currency": currency} if currency else {},
        **more,
    )


def address(party: Party, *, carrier: str) -> Any:
    """With an empty `street_number`, which keeps the house number where it was written."""
    lines = [line for line in party.street_lines if line.strip()]
    if len(lines) > LINES or any(len(line) > LINE for line in lines):
        lines = wrap(", ".join(lines), LINE)
    if len(lines) > LINES:
        message = _("%(carrier)s takes at most %(letters)d letters of street address: please shorten it.")
        raise CarrierRefused(message % {"carrier": carrier, "letters": LINE * LINES})
    return library().models.Address(
        person_name=party.name or party.company,
        company_name=party.company or party.name,
        address_line1=lines[0] if lines else "",
        address_line2=lines[1] if len(lines) > 1 else None,
        street_number="",
        city=party.city,
        postal_code=party.postcode,
        state_code=party.region or None,
        country_code=party.country,
        phone_number="".join(letter for letter in party.phone if letter.isdigit()) or None,
        email=party.email or None,
        residential=not party.company,
    )


def box(parcel: Parcel) -> Any:
    sizes = {"length": parcel.length_mm, "width": parcel.width_mm, "height": parcel.height_mm}
    measured = {name: size / 10 for name, size in sizes.items()} if all(sizes.values()) else {}
    return library().models.Parcel(
        weight=parcel.grams / 1000,
        weight_unit="KG",
        description=parcel.goods[0].description[:LINE] if parcel.goods else None,
        dimension_unit="CM",
        packaging_type="your_packaging",
        **measured,
    )


def rate(found: Any, *, carrier: str) -> Rate:
    return Rate(
        carrier=carrier,
        service=found.service,
        name=title(found.meta.get("service_name") or found.service),
        amount_minor=money(found.total_charge, found.currency).minor,
        currency=found.currency,
        days=found.transit_days,
    )


def money(amount: object, currency: str) -> Money:
    """Through text: a float's shortest form is the decimal that the carrier wrote."""
    return Money.from_decimal(Decimal(str(amount)), currency)


def title(service: str) -> str:
    """ups_standard_eu → UPS Standard: the zone at the end is of no interest to people."""
    brands = {"ups": "UPS", "fedex": "FedEx"}
    words = [word for word in service.split("_") if word not in ("eu", "ca", "mx", "pl", "pr")]
    return " ".join(brands.get(word, word[:1].upper() + word[1:]) for word in words)
