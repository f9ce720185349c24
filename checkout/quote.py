"""What the money pipeline returns: plain frozen values, ready to be shown, compared and copied into an order.

All amounts are minor units of the quote's one currency. `total_minor` of a line and `price_minor` of the delivery are as
printed: with the tax in them when `prices_include_tax`, without it when the tax is added below. Both are what is left
after promotions: of a line, unit × quantity − `discount_minor`, which is the sum of its `adjustments`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from cart.rules import Adjustment, Hint, Without
from catalog.models import Product
from catalog.products.bundling import Part
from shop.core.money import Money


@dataclass(frozen=True)
class QuoteTax:
    """One tax on one thing. `taxable_minor` is net; `reason` says why nothing is charged: "export", "no rate"."""

    name: str
    percent: Decimal
    taxable_minor: int
    tax_minor: int
    reason: str = ""

    @property
    def percent_text(self) -> str:
        """20, 8.1: no needless zeros."""
        return f"{self.percent.normalize():f}"


@dataclass(frozen=True)
class QuoteLine:
    """`weight_g`, `cost_minor` are of one piece; `photo` is a path in the media storage or empty."""

    variant_id: int
    sku: str
    name: str
    choices: str
    quantity: int
    unit_minor: int
    total_minor: int
    tax_minor: int
    taxes: tuple[QuoteTax, ...]
    weight_g: int
    photo: str
    cost_minor: int | None
    country_of_origin: str
    hs_code: str
    kind: str = "goods"  # a code of catalog's Product.Kind
    parts: tuple[Part, ...] = ()  # what one piece of a set consists of
    custom: tuple[Mapping[str, Any], ...] = ()  # the buyer's answers
    is_personal: bool = False  # cannot be sent back
    discount_minor: int = 0
    adjustments: tuple[Adjustment, ...] = ()
    ships_by: date | None = None  # of a preorder


@dataclass(frozen=True)
class QuoteCharge:
    """Something beside the goods: gift wrap, a greeting card. `total_minor` as printed, like a line's."""

    kind: str
    name: str
    total_minor: int
    tax_minor: int
    taxes: tuple[QuoteTax, ...]


@dataclass(frozen=True)
class QuoteShipping:
    """`price_minor` is after its discount.

    `earliest` and `latest` are the days between which the goods arrive (or can be collected).
    """

    method_id: int
    code: str
    name: str
    carrier: str
    carrier_service: str
    is_pickup: bool
    has_import_charges: bool
    price_minor: int
    tax_minor: int
    taxes: tuple[QuoteTax, ...]
    earliest: date
    latest: date
    discount_minor: int = 0
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True)
class QuoteTender:
    """What a gift card or store credit pays of the total, and what is left on it then. See checkout/tendering.py."""

    purse: str  # "gift_card:12"
    kind: str  # gift_card, store_credit
    label: str
    amount_minor: int
    left_minor: int


@dataclass(frozen=True)
class Quote:
    """The whole answer. total = goods + charges + shipping, plus the tax when prices do not include it; goods after
    discounts. What is due of it, gift cards and store credit (`tenders`) have not paid.

    `hints` are offers within reach, `without` the codes that change nothing, each with its reason.
    """

    currency: str
    prices_include_tax: bool
    lines: tuple[QuoteLine, ...]
    shipping: QuoteShipping | None
    goods_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int
    tax_totals: tuple[QuoteTax, ...]
    weight_g: int
    charges: tuple[QuoteCharge, ...] = ()
    charges_minor: int = 0
    tenders: tuple[QuoteTender, ...] = ()
    discount_minor: int = 0  # off the goods
    tax_note: str = field(default="", compare=False)  # what staff should know of the taxes
    fingerprint: str = ""
    hints: tuple[Hint, ...] = field(default=(), compare=False)
    without: tuple[Without, ...] = field(default=(), compare=False)
    steps: tuple[str, ...] = field(default=(), compare=False)

    def money(self, minor: int) -> Money:
        return Money(minor, self.currency)

    @property
    def goods(self) -> Money:
        return self.money(self.goods_minor)

    @property
    def before(self) -> Money:
        """The goods at their prices, before any promotion."""
        return self.money(self.goods_minor + self.discount_minor)

    @property
    def discounts(self) -> tuple[Adjustment, ...]:
        """What each promotion takes off the goods, added up."""
        return added_up(one for line in self.lines for one in line.adjustments)

    @property
    def codes(self) -> frozenset[str]:
        """The codes that something was taken off for."""
        every = [*self.discounts, *(self.shipping.adjustments if self.shipping else ())]
        return frozenset(one.code for one in every if one.code)

    @property
    def tax(self) -> Money:
        return self.money(self.tax_minor)

    @property
    def total(self) -> Money:
        return self.money(self.total_minor)

    @property
    def needs_delivery(self) -> bool:
        """Whether anything in it travels: gift cards and downloads do not."""
        return any(line.kind not in Product.UNSENT for line in self.lines)

    @property
    def is_cards_only(self) -> bool:
        """Gift cards and nothing else: there is no tax to speak of."""
        return all(line.kind == Product.Kind.GIFT_CARD for line in self.lines)

    @property
    def due_minor(self) -> int:
        """What the chosen means of payment is asked for."""
        return self.total_minor - sum(tender.amount_minor for tender in self.tenders)

    @property
    def due(self) -> Money:
        return self.money(self.due_minor)

    @property
    def count(self) -> int:
        """Pieces."""
        return sum(line.quantity for line in self.lines)

    @property
    def is_export(self) -> bool:
        return any(tax.reason == "export" for tax in self.tax_totals)

    def as_dict(self) -> dict:
        """The same as JSON: days as ISO dates, percentages as text. Without the buyer's own words (those can be
        erased) and without what was only said beside it."""
        agreed = replace(
            self, lines=tuple(replace(line, custom=()) for line in self.lines), hints=(), without=()
        )
        return plain(agreed)


def plain(value: object):
    """Dataclasses, dates and decimals as JSON knows them."""
    if is_dataclass(value):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value


def tax_totals(taxes: Iterable[QuoteTax]) -> tuple[QuoteTax, ...]:
    """One row a tax, in the order in which they first appear."""
    sums: dict[tuple[str, Decimal, str], tuple[int, int]] = {}
    for tax in taxes:
        key = (tax.name, tax.percent, tax.reason)
        taxable, charged = sums.get(key, (0, 0))
        sums[key] = (taxable + tax.taxable_minor, charged + tax.tax_minor)
    return tuple(
        QuoteTax(name, percent, taxable, charged, reason)
        for (name, percent, reason), (taxable, charged) in sums.items()
    )


def added_up(adjustments: Iterable[Adjustment]) -> tuple[Adjustment, ...]:
    """One row a promotion, in the order in which they first appear."""
    sums: dict[int, Adjustment] = {}
    for one in adjustments:
        known = sums.get(one.promotion_id)
        sums[one.promotion_id] = (
            replace(known, amount_minor=known.amount_minor + one.amount_minor) if known else one
        )
    return tuple(sums.values())
