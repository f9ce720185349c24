from checkout.models.checkout import Checkout, CheckoutLine
from checkout.models.purse import (
    CheckoutGiftCard,
    GiftCard,
    GiftCardEntry,
    StoreCredit,
    StoreCreditEntry,
)
from checkout.models.saved_card import PaymentCustomer, SavedCard
from checkout.models.shipping import Holiday, ShippingMethod, ShippingRate, ShippingSurcharge, ShippingZone
from checkout.models.tax import TaxClass, TaxExemption, TaxRate, TaxZone
from checkout.models.vat import VatCheck

__all__ = [
    "Checkout",
    "CheckoutGiftCard",
    "CheckoutLine",
    "GiftCard",
    "GiftCardEntry",
    "Holiday",
    "PaymentCustomer",
    "SavedCard",
    "ShippingMethod",
    "ShippingRate",
    "ShippingSurcharge",
    "ShippingZone",
    "StoreCredit",
    "StoreCreditEntry",
    "TaxClass",
    "TaxExemption",
    "TaxRate",
    "TaxZone",
    "VatCheck",
]
