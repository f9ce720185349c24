"""Which means of payment there are, and which of them a given total may be paid by."""

from collections.abc import Iterable

from checkout.gateways.bank_transfer import BankTransfer
from checkout.gateways.base import Gateway, Purchase
from checkout.gateways.cash_on_delivery import CashOnDelivery
from checkout.gateways.invoice import Invoice
from checkout.gateways.nothing_to_pay import NothingToPay
from checkout.gateways.purses import GiftCardGateway, StoreCreditGateway
from checkout.gateways.stripe import StripeGateway

GATEWAYS: dict[str, Gateway] = {
    gateway.code: gateway
    for gateway in (
        StripeGateway(),
        Invoice(),
        BankTransfer(),
        CashOnDelivery(),
        NothingToPay(),
        GiftCardGateway(),
        StoreCreditGateway(),
    )
}


def offered(purchase: Purchase) -> list[Gateway]:
    """What the customer may choose for it, the preferred one first."""
    return [gateway for gateway in GATEWAYS.values() if gateway.is_offered(purchase)]


def in_words(gateways: Iterable[Gateway], *, is_pickup: bool) -> list[dict]:
    """As the pages that ask how to pay want them: code, name, note, is_online, icon."""
    found = [(gateway, gateway.words(is_pickup=is_pickup)) for gateway in gateways]
    return [
        {
            "code": gateway.code,
            "name": said.name,
            "note": said.note,
            "is_online": gateway.is_online,
            "icon": said.icon,
        }
        for gateway, said in found
    ]


def gateway_named(code: str) -> Gateway:
    """Raises KeyError."""
    return GATEWAYS[code]
