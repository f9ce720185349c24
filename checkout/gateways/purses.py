"""Gift cards and store credit as means of payment: never chosen, for they pay first (checkout/tendering.py)."""

from django.utils.translation import gettext_lazy as _

from checkout.gateways.base import Words
from checkout.gateways.offline import OfflineGateway


class GiftCardGateway(OfflineGateway):
    code = "gift_card"
    usual_words = Words(_("Gift card"), _("What is left on it stays on it."))


class StoreCreditGateway(OfflineGateway):
    code = "store_credit"
    usual_words = Words(_("Store credit"), _("What we owe you, to be spent here."))
