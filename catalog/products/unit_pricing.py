"""The price for a common measure, shown beside the price: "€12.00 / kg".

Source: Directive 98/6/EC: what is sold by weight, volume, length or area names its price for one kilogram, litre, metre or
square metre. Computed from the price that the buyer sees, rounded to the cent.
"""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.core.money import Money, round_half_up


class Unit(models.TextChoices):
    GRAM = "g", "g"
    KILOGRAM = "kg", "kg"
    MILLILITRE = "ml", "ml"
    LITRE = "l", "l"
    CENTIMETRE = "cm", "cm"
    METRE = "m", "m"
    SQUARE_METRE = "m2", "m²"
    PIECE = "pc", gettext_lazy("pieces")


BASES: dict[str, tuple[str, Decimal]] = {  # unit → (what the price is for, how many units that is)
    Unit.GRAM: ("kg", Decimal(1000)),
    Unit.KILOGRAM: ("kg", Decimal(1)),
    Unit.MILLILITRE: ("l", Decimal(1000)),
    Unit.LITRE: ("l", Decimal(1)),
    Unit.CENTIMETRE: ("m", Decimal(100)),
    Unit.METRE: ("m", Decimal(1)),
    Unit.SQUARE_METRE: ("m²", Decimal(1)),
    Unit.PIECE: ("", Decimal(1)),
}


def unit_price(price: Money, *, amount: Decimal | None, unit: str) -> str:
    """ "€12.00 / kg", for a price that buys `amount` of `unit`; empty where no content is given."""
    if not amount or unit not in BASES:
        return ""
    base, many = BASES[unit]
    each = Money(round_half_up(Decimal(price.minor) * many / Decimal(amount)), price.currency)
    return f"{each.format()} / {base or _('piece')}"
