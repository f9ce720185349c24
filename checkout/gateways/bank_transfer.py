"""The customer sends the money by himself; the order waits for it for some days (SHOP_BANK_TRANSFER_DAYS).

Offered once the shop's account is known (SHOP_BANK_IBAN). The account is a setting and no row that staff may edit: whoever
could change it would be paid in our place. What arrives is found by the reference (checkout/creditor_reference.py).
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from checkout.gateways.base import Asked, Payment, Purchase, State, Words
from checkout.gateways.offline import OfflineGateway
from shop.core.money import Money


@dataclass(frozen=True)
class Account:
    """Where to send it."""

    holder: str
    iban: str  # in groups of four
    bic: str


class BankTransfer(OfflineGateway):
    code = "bank_transfer"
    is_promise = False
    usual_words = Words(
        _("Bank transfer"),
        _("You send the money from your bank. We send the goods once it is here."),
        icon="bank",
    )

    @property
    def days_to_pay(self) -> int:
        days: int = settings.SHOP_BANK_TRANSFER_DAYS
        return days

    def is_offered(self, purchase: Purchase) -> bool:
        amount = purchase.amount
        return (
            bool(settings.SHOP_BANK_IBAN)
            and amount.minor > 0
            and amount.currency in settings.SHOP_BANK_CURRENCIES
        )

    def create_attempt(self, asked: Asked, *, hosted: bool = False) -> Payment:
        return Payment(
            state=State.OPEN,
            amount=asked.amount,
            received=Money(0, asked.amount.currency),
            reference=asked.reference,
        )


def account() -> Account:
    iban = settings.SHOP_BANK_IBAN
    return Account(
        holder=settings.SHOP_BANK_HOLDER,
        iban=" ".join(iban[at : at + 4] for at in range(0, len(iban), 4)),
        bic=settings.SHOP_BANK_BIC,
    )
