"""A company that we trust pays when its invoice is due. Offered within its credit limit (shop/accounts/companies.py)."""

from django.utils.translation import gettext_lazy as _

from checkout.gateways.base import Purchase, Words
from checkout.gateways.offline import OfflineGateway


class Invoice(OfflineGateway):
    code = "invoice"
    usual_words = Words(
        _("Invoice"), _("Your company pays by transfer when the invoice is due."), icon="file"
    )

    def is_offered(self, purchase: Purchase) -> bool:
        credit = purchase.credit_minor
        return credit is not None and 0 < purchase.amount.minor <= credit
