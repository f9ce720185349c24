from checkout.models.checkout import Checkout, CheckoutLine
from checkout.models.saved_card import PaymentCustomer, SavedCard
from checkout.models.shipping import Holiday, ShippingMethod, ShippingRate, ShippingZone
from checkout.models.tax import TaxClass, TaxRate, TaxZone

__all__ = [
    "Checkout",
    "CheckoutLine",
    "Holiday",
    "PaymentCustomer",
    "SavedCard",
    "ShippingMethod",
    "ShippingRate",
    "ShippingZone",
    "TaxClass",
    "TaxRate",
    "TaxZone",
]
