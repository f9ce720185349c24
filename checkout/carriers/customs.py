"""Parcels that leave the customs union of their sender: what must be declared, and to whom the duties go.

Duties and taxes of the other side are the receiver's (Incoterms DAP, which carriers still write DDU). A declaration that
guesses is a false one: a piece without a country of origin keeps the label from being made.
"""

from typing import Any

from django.utils.translation import gettext as _

from shop.core.money import Money

from .base import CarrierRefused, Goods, Parcel, Party
from .transport import library

EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
CUSTOMS_UNION = frozenset(EU.split())
BY_ROAD = CUSTOMS_UNION | {"CH", "GB", "LI", "NO"}
LONGEST = 35  # letters of a description that both carriers take


def crosses(sender: Party, recipient: Party) -> bool:
    countries = {sender.country, recipient.country}
    return len(countries) > 1 and not countries <= CUSTOMS_UNION


def by_road(sender: Party, recipient: Party) -> bool:
    """Whether the carriers' ordinary European services run between the two."""
    return {sender.country, recipient.country} <= BY_ROAD


def check(parcel: Parcel, *, sender: Party, recipient: Party, carrier: str) -> None:
    """Raises CarrierRefused where a declaration is needed and cannot be made."""
    if not crosses(sender, recipient):
        return
    if not parcel.goods:
        message = _("This parcel crosses a customs border, and nobody said what is in it.")
        raise CarrierRefused(f"{carrier}: {message}")
    for item in parcel.goods:
        if not item.origin_country:
            message = _("The customs want to know the country of origin of %(goods)s.")
            raise CarrierRefused(f"{carrier}: " + message % {"goods": item.description})


def declaration(parcel: Parcel) -> Any:
    models = library().models
    return models.Customs(
        commodities=[_commodity(item) for item in parcel.goods],
        content_type="merchandise",
        incoterm="DDU",
        duty=models.Duty(paid_by="recipient", currency=parcel.goods[0].currency),
    )


def _commodity(item: Goods) -> Any:
    return library().models.Commodity(
        title=item.description[:LONGEST],
        description=item.description[:LONGEST],
        quantity=item.quantity,
        value_amount=float(
            Money(item.unit_value_minor, item.currency).to_decimal()
        ),  # karrio speaks in floats
        value_currency=item.currency,
        weight=item.unit_grams / 1000,
        weight_unit="KG",
        origin_country=item.origin_country,
        hs_code=item.hs_code or None,
        sku=item.sku or None,
    )
