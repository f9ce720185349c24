"""What the shop expects of a means of payment, whoever provides it.

A gateway asks its provider and answers in plain values. It knows no order, writes nothing to the database and must never
be called inside a transaction. An answer that did not come is GatewayUnavailable: what was asked may well have happened,
so nobody may read it as a no. Only GatewayRefused is a no.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from shop.core.money import Money


class GatewayUnavailable(Exception):
    """No answer that can be relied on (time-out, broken line, overload, a key that is not accepted).

    `will_repeat`: the provider itself failed, and will fail in the same way when it is asked again under the same key.
    """

    def __init__(self, message: str = "", *, will_repeat: bool = False):
        super().__init__(message)
        self.will_repeat = will_repeat


class GatewayRefused(Exception):
    """The provider said no, and will say no again. `code` is its word for it."""

    def __init__(self, message: str, *, code: str = ""):
        super().__init__(message)
        self.message, self.code = message, code


class NoticeRefused(Exception):
    """An incoming notice that cannot be from the provider, or is not meant for this shop."""


class State(StrEnum):
    """Where a payment stands with its provider."""

    OPEN = "open"  # waits for the customer; a declined card leads back here
    ACTION = "action"  # the customer is at his bank (3-D Secure)
    PROCESSING = "processing"  # under way for days, e.g. a bank debit
    PROMISED = "promised"  # no provider: money comes with the goods
    AUTHORIZED = "authorized"  # held for us, not yet taken
    CAPTURED = "captured"
    CANCELED = "canceled"


class RefundState(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True)
class Words:
    """How a means of payment is called, and what it means for the customer; in the language of the page."""

    name: Any
    note: Any
    icon: str = "cash"


@dataclass(frozen=True)
class Purchase:
    """What is to be paid, as far as it decides by which means it may be. `kinds` are codes of catalog's Product.Kind."""

    amount: Money
    country: str
    kinds: frozenset[str] = frozenset()
    is_personal: bool = False  # something in it is made to the buyer's wishes
    credit_minor: int | None = (
        None  # what the buyer's company may still owe; None: it does not buy on invoice
    )


@dataclass(frozen=True)
class Asked:
    """One sum to be paid. `reference` is our own name for the attempt; asking twice with one reference is asking once."""

    reference: str
    order_number: str
    amount: Money
    email: str = ""
    language: str = "en"
    return_url: str = ""
    cancel_url: str = ""
    customer: str = ""  # the provider's name for the person, where a card is kept or was
    keeps_card: bool = False  # he agreed to have it kept


@dataclass(frozen=True)
class Handle:
    """By what an attempt is found again. Without provider_ref and session_ref it is looked for by `reference`."""

    reference: str
    created_at: datetime
    provider_ref: str = ""
    session_ref: str = ""


@dataclass(frozen=True)
class KeptCard:
    """A card that the provider keeps for the customer from now on."""

    provider_ref: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int


@dataclass(frozen=True)
class Payment:
    """A payment as its provider knows it now."""

    state: State
    amount: Money
    received: Money  # captured so far
    reference: str = ""  # the attempt that it says it belongs to
    provider_ref: str = ""
    session_ref: str = ""
    is_live: bool = False
    means: str = ""  # "Visa •••• 4242"
    charge_ref: str = ""  # the latest try with a card or an account
    error_code: str = ""
    error_message: str = ""  # for the customer, why that latest try failed
    is_disputed: bool = False
    has_refunds: bool = False
    client_secret: str = field(default="", repr=False)
    redirect_url: str = ""  # where the customer goes on: hosted page, or his bank's
    kept: KeptCard | None = None


@dataclass(frozen=True)
class RefundAsked:
    reference: str
    order_number: str
    provider_ref: str
    amount: Money
    is_duplicate: bool = False


@dataclass(frozen=True)
class RefundAnswer:
    """A refund as its provider knows it now."""

    provider_ref: str
    state: RefundState
    amount: Money
    reference: str = ""  # our refund's; empty: made in the provider's dashboard
    error: str = ""


@dataclass(frozen=True)
class ProviderNotice:
    """An incoming notice, reduced to what says which object to look at again."""

    external_id: str
    kind: str
    object_id: str
    payload: dict
    happened_at: datetime | None = None


class Gateway(Protocol):
    code: str
    is_online: bool  # the customer pays now, with a provider
    is_promise: bool  # his word is enough: the order is confirmed before any money comes

    @property
    def is_live(self) -> bool:
        """Whether payments here move real money; one of the other mode is never ours."""

    def words(self, *, is_pickup: bool) -> Words:
        """`is_pickup`: the customer collects the goods, so that no carrier comes."""

    @property
    def days_to_pay(self) -> int:
        """For how many days an order that is not paid yet keeps its goods; 0: minutes, as for everything online."""

    def is_offered(self, purchase: Purchase) -> bool: ...

    def create_attempt(self, asked: Asked, *, hosted: bool = False) -> Payment: ...

    def confirm(
        self, handle: Handle, *, card: str, key: str, return_url: str = "", off_session: bool = False
    ) -> Payment:
        """Pay with a card that is kept. `off_session`: the customer is not there, so his bank cannot ask him anything.

        Raises GatewayRefused for a decline; asking twice with one `key` is asking once.
        """

    def fetch(self, handle: Handle, *, currency: str) -> Payment | None:
        """None: the provider knows no such payment."""

    def cancel(self, handle: Handle) -> None:
        """Nobody can pay it afterwards. Raises GatewayRefused when it is too late for that."""

    def capture(self, handle: Handle) -> None: ...

    def refund(self, asked: RefundAsked) -> RefundAnswer: ...

    def fetch_refunds(self, provider_ref: str) -> list[RefundAnswer]: ...

    def parse_event(self, body: bytes, signature: str) -> ProviderNotice: ...

    def events_since(self, moment: datetime) -> Iterator[ProviderNotice]: ...
