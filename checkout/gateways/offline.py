"""Means of payment without a provider: nothing to ask, nothing to cancel, and money that comes back by other ways."""

from collections.abc import Iterator
from datetime import datetime

from checkout.gateways.base import (
    Asked,
    GatewayRefused,
    Handle,
    NoticeRefused,
    Payment,
    ProviderNotice,
    Purchase,
    RefundAnswer,
    RefundAsked,
    RefundState,
    State,
    Words,
)
from shop.core.money import Money


class OfflineGateway:
    is_online = False
    is_promise = True
    is_live = False
    code = ""
    usual_words = Words("", "")

    @property
    def days_to_pay(self) -> int:
        return 0

    def words(self, *, is_pickup: bool) -> Words:
        return self.usual_words

    def is_offered(self, purchase: Purchase) -> bool:
        return False

    def create_attempt(self, asked: Asked, *, hosted: bool = False) -> Payment:
        return Payment(
            state=State.PROMISED,
            amount=asked.amount,
            received=Money(0, asked.amount.currency),
            reference=asked.reference,
        )

    def confirm(
        self, handle: Handle, *, card: str, key: str, return_url: str = "", off_session: bool = False
    ) -> Payment:
        raise GatewayRefused("No cards are kept here.", code="offline")

    def fetch(self, handle: Handle, *, currency: str) -> Payment | None:
        return None

    def cancel(self, handle: Handle) -> None:
        """Nobody else knows of it."""

    def capture(self, handle: Handle) -> None:
        raise GatewayRefused(
            "There is no provider to take it from: record the money when it comes.", code="offline"
        )

    def refund(self, asked: RefundAsked) -> RefundAnswer:
        """Somebody pays it out and records that; until then it waits."""
        return RefundAnswer(
            provider_ref=f"manual:{asked.reference}",
            state=RefundState.PENDING,
            amount=asked.amount,
            reference=asked.reference,
        )

    def fetch_refunds(self, provider_ref: str) -> list[RefundAnswer]:
        return []

    def parse_event(self, body: bytes, signature: str) -> ProviderNotice:
        raise NoticeRefused("nobody sends notices about this means of payment")

    def events_since(self, moment: datetime) -> Iterator[ProviderNotice]:
        return iter(())
