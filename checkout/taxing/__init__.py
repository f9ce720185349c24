"""Tax by place, kind of goods and day. `table` reads the shop's own rates, `base` is the arithmetic, pure.

The goods' destination decides, digital goods follow the bill. A destination whose prices contain the tax keeps the catalogue
price and its own rate is taken out of it; one that adds the tax, or an export, first loses the home country's tax.
"""

from checkout.taxing.base import (
    DELIVERY,
    EXEMPT,
    EXPORT,
    INTRA_COMMUNITY,
    NO_RATE,
    REVERSE_CHARGE,
    VOUCHER,
    Kind,
    Part,
    Place,
    Rate,
    Taxation,
    contained,
    kind_of,
    on_top,
)
from checkout.taxing.table import Buyer, tax_in_prices, taxation_for

__all__ = [
    "DELIVERY",
    "EXEMPT",
    "EXPORT",
    "INTRA_COMMUNITY",
    "NO_RATE",
    "REVERSE_CHARGE",
    "VOUCHER",
    "Buyer",
    "Kind",
    "Part",
    "Place",
    "Rate",
    "Taxation",
    "contained",
    "kind_of",
    "on_top",
    "tax_in_prices",
    "taxation_for",
]
