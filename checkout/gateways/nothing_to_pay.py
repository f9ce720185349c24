"""An order whose total is 0 is paid by being placed; no provider hears of it."""

from django.utils.translation import gettext_lazy as _

from checkout.gateways.base import Words
from checkout.gateways.offline import OfflineGateway
from shop.core.money import Money


class NothingToPay(OfflineGateway):
    code = "nothing_to_pay"
    usual_words = Words(_("Nothing to pay"), _("This order costs nothing."))

    def is_offered(self, amount: Money, *, country: str) -> bool:
        return amount.minor == 0
