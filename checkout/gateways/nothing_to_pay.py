"""An order whose total is 0 is paid by being placed; no provider hears of it."""

from django.utils.translation import gettext_lazy as _

from checkout.gateways.base import Purchase, Words
from checkout.gateways.offline import OfflineGateway


class NothingToPay(OfflineGateway):
    code = "nothing_to_pay"
    usual_words = Words(_("Nothing to pay"), _("This order costs nothing."))

    def is_offered(self, purchase: Purchase) -> bool:
        return purchase.amount.minor == 0
