"""The carrier collects the money with the parcel; who collects the goods himself pays when he does.

Who refuses the parcel costs two journeys, so it is offered only up to an amount (SHOP_COD_MAX_MINOR) and to the countries
whose carriers collect (SHOP_COD_COUNTRIES). The promise confirms the order; only a member of staff records the money.
"""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from checkout.gateways.base import Words
from checkout.gateways.offline import OfflineGateway
from shop.core.money import Money


class CashOnDelivery(OfflineGateway):
    code = "cash_on_delivery"
    usual_words = Words(_("Cash on delivery"), _("You pay the carrier when the parcel arrives."))
    pickup_words = Words(_("Pay when you collect"), _("You pay when you collect your order from us."))

    def words(self, *, is_pickup: bool) -> Words:
        return self.pickup_words if is_pickup else self.usual_words

    def is_offered(self, amount: Money, *, country: str) -> bool:
        return (
            amount.currency == settings.SHOP_COD_CURRENCY
            and 0 < amount.minor <= settings.SHOP_COD_MAX_MINOR
            and country in settings.SHOP_COD_COUNTRIES
        )
