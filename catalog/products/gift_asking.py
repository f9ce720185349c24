"""What the buyer of a gift card is asked: for whom it is, what to write, when it is sent, and perhaps his own amount.

They are questions like those of what is made to order (catalog/products/customizing.py), only the shop asks them itself.
An amount of his own replaces the price of the variant; it can be named in the shop's own currency.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import CustomField, GiftCardTerms, Product
from shop.core.models import Shop
from shop.core.money import Money

EMAIL, AMOUNT, DAY = "email", "amount", "day"  # kinds beside those of CustomField
TO_NAME, TO_EMAIL, MESSAGE, SEND_ON, OWN_AMOUNT = "to_name", "to_email", "message", "send_on", "amount"
LATEST_DAYS = 365


@dataclass(frozen=True)
class Question:
    """Like a CustomField, but not stored."""

    code: str
    label: str
    kind: str
    help_text: str = ""
    is_required: bool = False
    max_length: int = 100
    allowed: str = CustomField.Allowed.ANY
    lowest: Decimal | None = None
    highest: Decimal | None = None
    options: list = field(default_factory=list)
    surcharge_minor: int = 0

    def get_allowed_display(self) -> str:
        return str(CustomField.Allowed(self.allowed).label)


def questions_for(terms: GiftCardTerms | None, *, currency: str) -> list[Question]:
    """In the order in which they are asked."""
    return [
        *_own_amount(terms, currency),
        Question(TO_NAME, _("Name of the recipient"), CustomField.Kind.TEXT, is_required=True, max_length=80),
        Question(
            TO_EMAIL,
            _("Email address of the recipient"),
            EMAIL,
            help_text=_("Empty: you get the card yourself, to print it or pass it on."),
            max_length=254,
        ),
        Question(MESSAGE, _("Your message"), CustomField.Kind.LINES, max_length=500),
        Question(
            SEND_ON,
            _("Send it on"),
            DAY,
            help_text=_("Empty: as soon as it is paid."),
        ),
    ]


def terms_of(products: Iterable[int]) -> dict[int, GiftCardTerms]:
    """{product id: its terms}, of those that have any. One query."""
    return {terms.product_id: terms for terms in GiftCardTerms.objects.filter(product__in=list(products))}


def last_day() -> date:
    return timezone.localdate() + timedelta(days=LATEST_DAYS)


def check_ready(product: Product) -> str:
    """What keeps it from being published; empty when nothing does."""
    if product.variants.filter(is_active=True, price_minor=0).exists():
        return _("A gift card is worth its price: give every variant one.")
    return ""


def _own_amount(terms: GiftCardTerms | None, currency: str) -> list[Question]:
    if not (terms and terms.lowest_minor and terms.highest_minor) or currency != Shop.current().currency:
        return []
    lowest, highest = Money(terms.lowest_minor, currency), Money(terms.highest_minor, currency)
    text = _("In place of the amount above: from %(lowest)s to %(highest)s.")
    return [
        Question(
            OWN_AMOUNT,
            _("Another amount"),
            AMOUNT,
            help_text=text % {"lowest": lowest.format(), "highest": highest.format()},
            lowest=lowest.to_decimal(),
            highest=highest.to_decimal(),
        )
    ]
