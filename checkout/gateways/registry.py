"""Which means of payment there are, and which of them a given total may be paid by."""

from collections.abc import Iterable

from checkout.gateways.base import Gateway
from checkout.gateways.cash_on_delivery import CashOnDelivery
from checkout.gateways.nothing_to_pay import NothingToPay
from checkout.gateways.stripe import StripeGateway
from shop.core.money import Money

GATEWAYS: dict[str, Gateway] = {
    gateway.code: gateway for gateway in (StripeGateway(), CashOnDelivery(), NothingToPay())
}


def offered(currency: str, country: str, total_minor: int) -> list[Gateway]:
    """What a customer in `country` may choose for this total, the preferred one first."""
    amount = Money(total_minor, currency)
    return [gateway for gateway in GATEWAYS.values() if gateway.is_offered(amount, country=country)]


def in_words(gateways: Iterable[Gateway], *, is_pickup: bool) -> list[dict]:
    """As the pages that ask how to pay want them: code, name, note, is_online."""
    found = [(gateway, gateway.words(is_pickup=is_pickup)) for gateway in gateways]
    return [
        {"code": gateway.code, "name": said.name, "note": said.note, "is_online": gateway.is_online}
        for gateway, said in found
    ]


def gateway_named(code: str) -> Gateway:
    """Raises KeyError."""
    return GATEWAYS[code]
