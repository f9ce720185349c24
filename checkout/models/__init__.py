from checkout.models.checkout import Checkout, CheckoutLine
from checkout.models.purse import (
    CheckoutGiftCard,
    GiftCard,
    GiftCardEntry,
    StoreCredit,
    StoreCreditEntry,
)
from checkout.models.rate_request import RateRequest
from checkout.models.saved_card import PaymentCustomer, SavedCard
from checkout.models.shipping import Holiday, ShippingMethod, ShippingRate, ShippingSurcharge, ShippingZone
from checkout.models.tax import TaxClass, TaxExemption, TaxRate, TaxZone
from checkout.models.tax_answer import TaxAnswer
from checkout.models.vat import VatCheck

__all__ = [
    "Checkout",
    "CheckoutGiftCard",
    "CheckoutLine",
    "GiftCard",
    "GiftCardEntry",
    "Holiday",
    "PaymentCustomer",
    "RateRequest",
    "SavedCard",
    "ShippingMethod",
    "ShippingRate",
    "ShippingSurcharge",
    "ShippingZone",
    "StoreCredit",
    "StoreCreditEntry",
    "TaxAnswer",
    "TaxClass",
    "TaxExemption",
    "TaxRate",
    "TaxZone",
    "VatCheck",
]
