from checkout.models.checkout import Checkout, CheckoutLine
from checkout.models.shipping import Holiday, ShippingMethod, ShippingRate, ShippingZone
from checkout.models.tax import TaxClass, TaxRate, TaxZone

__all__ = [
    "Checkout",
    "CheckoutLine",
    "Holiday",
    "ShippingMethod",
    "ShippingRate",
    "ShippingZone",
    "TaxClass",
    "TaxRate",
    "TaxZone",
]
