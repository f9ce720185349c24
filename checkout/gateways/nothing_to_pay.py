"""Where nothing is left to pay, by a total of 0 or by gift cards, placing the order is enough; no provider hears of it."""

from django.utils.translation import gettext_lazy as _

from checkout.gateways.base import Purchase, Words
from checkout.gateways.offline import OfflineGateway


class NothingToPay(OfflineGateway):
    code = "nothing_to_pay"
    usual_words = Words(_("Nothing to pay"), _("Nothing is left to pay."))

    def is_offered(self, purchase: Purchase) -> bool:
        return purchase.amount.minor == 0
