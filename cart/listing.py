"""A wishlist as it is shown: today's price and stock of everything on it, and what has become better since.

Prices are those of whoever looks, in his own currency; marks compare with what was so when the thing was put there, and only
prices of the same currency are compared.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cart.models import Wishlist, WishlistEntry
from catalog.browsing import LineCard, line_cards
from catalog.products.customizing import dressed
from catalog.products.quantities import allowed
from shop.core.money import Money


@dataclass(frozen=True)
class ShownEntry:
    pk: int
    card: LineCard
    quantity: int
    price: Money | None  # None: not sold in this currency
    was: Money | None
    is_available: bool
    kind: str = ""  # of the mark: ok, info, warn
    mark: str = ""

    @property
    def is_sold_out(self) -> bool:
        """On sale, and not one piece is there: whoever wants can be told when there is."""
        return self.card.is_on_sale and self.card.is_priced and not self.is_available


def shown(wishlist: Wishlist, *, customer: object, currency: str, is_owner: bool = True) -> list[ShownEntry]:
    """The latest first. Five queries at most, however many entries; others never see the owner's own words."""
    entries = list(wishlist.entries.all())
    cards = line_cards(
        {entry.variant_id: entry.quantity for entry in entries}, customer=customer, currency=currency
    )
    return [
        _shown(entry, cards[entry.variant_id], is_owner) for entry in entries if entry.variant_id in cards
    ]


def _shown(entry: WishlistEntry, card: LineCard, is_owner: bool) -> ShownEntry:
    if is_owner and entry.custom:
        card = dressed(card, entry.custom)
    is_available = card.is_on_sale and card.is_priced and allowed(card, card.available) > 0
    kind, mark = _mark(entry, card, is_available) if is_owner else _plain_mark(card, is_available)
    was = Money(card.compare_at_minor, card.currency) if card.compare_at_minor else None
    price = Money(card.price_minor, card.currency) if card.is_priced else None
    return ShownEntry(entry.pk, card, entry.quantity, price, was, is_available, kind, mark)


def _mark(entry: WishlistEntry, card: LineCard, is_available: bool) -> tuple[str, str]:
    if not is_available:
        return _plain_mark(card, is_available)
    if (
        entry.seen_minor is not None
        and entry.currency == card.currency
        and card.price_minor < entry.seen_minor
    ):
        less = Money(entry.seen_minor - card.price_minor, card.currency)
        text = _("%(amount)s less than when you saved it")
        return "ok", text % {"amount": less.format()}
    return ("ok", _("Back in stock")) if not entry.was_available else _plain_mark(card, is_available)


def _plain_mark(card: LineCard, is_available: bool) -> tuple[str, str]:
    if not card.is_on_sale:
        return "warn", _("No longer on sale")
    if not card.is_priced:
        return "warn", _("Not sold in %(currency)s") % {"currency": card.currency}
    if not is_available:
        return "warn", _("Sold out")
    if card.takes and card.available <= card.low_stock_at:
        return "info", _("Only %(n)s left") % {"n": card.available}
    return "", ""
