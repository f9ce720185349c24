"""The carrier collects the money with the parcel; who collects the goods himself pays when he does.

Who refuses the parcel costs two journeys, so it is offered only up to an amount (SHOP_COD_MAX_MINOR), to the countries
whose carriers collect (SHOP_COD_COUNTRIES), and neither for what nobody else would buy nor for what comes without a parcel.
The promise confirms the order; only a member of staff records the money.
"""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from checkout.gateways.base import Purchase, Words
from checkout.gateways.offline import OfflineGateway

SENT = {Product.Kind.GOODS, Product.Kind.BUNDLE, Product.Kind.MADE}  # what a carrier brings


class CashOnDelivery(OfflineGateway):
    code = "cash_on_delivery"
    usual_words = Words(_("Cash on delivery"), _("You pay the carrier when the parcel arrives."))
    pickup_words = Words(_("Pay when you collect"), _("You pay when you collect your order from us."))

    def words(self, *, is_pickup: bool) -> Words:
        return self.pickup_words if is_pickup else self.usual_words

    def is_offered(self, purchase: Purchase) -> bool:
        amount = purchase.amount
        return (
            amount.currency == settings.SHOP_COD_CURRENCY
            and 0 < amount.minor <= settings.SHOP_COD_MAX_MINOR
            and purchase.country in settings.SHOP_COD_COUNTRIES
            and not purchase.is_personal
            and purchase.kinds <= SENT
        )
