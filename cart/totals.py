"""What a cart shows: its lines, what has changed since, and what the goods come to.

A line that is no longer on sale is shown and marked but not counted. Of a line that wants more than there is, what there
is counts; lines that take the same pieces (a set and one of its parts) are served in their order. Prices are those of the
cart's owner for the quantity that he wants. Looking changes nothing: the checkout copies exactly what is counted here.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cart.gifting import Extra, extras_of
from cart.models import Cart, CartLine
from catalog import stock
from catalog.browsing import LineCard, line_cards
from catalog.products import quantities
from catalog.products.customizing import ASKED, Asked, dressed, questions_of, still_fit, surcharge_of
from catalog.products.taking import whole
from catalog.products.unit_pricing import unit_price
from shop.core.models import Shop
from shop.core.money import Money


@dataclass(frozen=True)
class TotalLine:
    """A line as it counts. `quantity` is 0 when nothing of it can be had; `wanted` is what the customer asked for."""

    pk: int
    card: LineCard
    wanted: int
    quantity: int
    most: int  # pieces that this cart can have
    seen: Money
    kind: str = ""  # of the notice: info, warn, error
    notice: str = ""

    @property
    def unit(self) -> Money:
        return Money(self.card.price_minor, self.card.currency)

    @property
    def unit_price(self) -> str:
        """ "€12.00 / kg", where the goods are measured."""
        return unit_price(self.unit, amount=self.card.content_amount, unit=self.card.content_unit)

    @property
    def was(self) -> Money | None:
        return Money(self.card.compare_at_minor, self.card.currency) if self.card.compare_at_minor else None

    @property
    def total(self) -> Money:
        return self.unit * self.quantity


@dataclass(frozen=True)
class CartTotals:
    currency: str
    lines: tuple[TotalLine, ...] = ()
    extras: tuple[Extra, ...] = ()  # charges beside the goods: gift wrap, greeting card
    cart: Cart | None = None

    @property
    def counted(self) -> tuple[TotalLine, ...]:
        """The lines that can be bought."""
        return tuple(line for line in self.lines if line.quantity)

    @property
    def goods(self) -> Money:
        return Money(sum(line.total.minor for line in self.counted), self.currency)

    @property
    def count(self) -> int:
        """Pieces."""
        return sum(line.quantity for line in self.counted)

    @property
    def weight_g(self) -> int:
        return sum(line.card.weight_g * line.quantity for line in self.counted)

    @property
    def made_in_days(self) -> int:
        """Working days until the last of it is made."""
        return max((line.card.made_in_days for line in self.counted), default=0)

    @property
    def ready_by(self) -> date | None:
        """The day by which the last of what is preordered is there."""
        days = [line.card.ships_by for line in self.counted if line.card.ships_by]
        return max(days, default=None)

    @property
    def notices(self) -> tuple[TotalLine, ...]:
        return tuple(line for line in self.lines if line.notice)


def totals(cart: Cart | None) -> CartTotals:
    """Six queries at most, however many lines, two more for sets, one each for preorders and a gift, and three where price
    lists apply; none without a cart."""
    if cart is None:
        return CartTotals("EUR")
    lines = list(cart.lines.all())
    wanted: Counter[int] = Counter()
    for line in lines:
        wanted[line.variant_id] += line.quantity
    held = stock.promised(cart.holder) if cart.holder and lines else {}
    cards = line_cards(wanted, customer=cart.user_id, currency=cart.currency, held=held, holder=cart.holder)
    left = {pk: free + held.get(pk, 0) for card in cards.values() for pk, free in card.free.items()}
    home = _home_currency(lines, cart)
    asked = {card.product_id: card.kind for card in cards.values() if card.kind in ASKED}
    questions = questions_of(asked, currency=cart.currency) if asked else {}
    return CartTotals(
        cart.currency,
        tuple(
            _total_line(
                line,
                _worn(cards[line.variant_id], line, home),
                left,
                questions.get(cards[line.variant_id].product_id, []),
            )
            for line in lines
        ),
        extras=extras_of(cart, currency=cart.currency),
        cart=cart,
    )


def _home_currency(lines: list[CartLine], cart: Cart) -> str:
    """The only one in which answers have surcharges; asked for where there are any."""
    return Shop.current().currency if any(surcharge_of(line.custom) for line in lines) else cart.currency


def _worn(card: LineCard, line: CartLine, home: str) -> LineCard:
    """With its answers and what they cost; not priced where that has no price in the cart's currency."""
    if surcharge_of(line.custom) and card.currency != home:
        return replace(card, custom=tuple(line.custom), price_minor=0, is_priced=False)
    return dressed(card, line.custom)


def count_of(cart: Cart | None) -> int:
    """Pieces in the cart, as the header shows them: one query, stock not looked at."""
    return sum(cart.lines.values_list("quantity", flat=True)) if cart else 0


def _total_line(line: CartLine, card: LineCard, left: dict[int, int], questions: list[Asked]) -> TotalLine:
    """`left` is what this cart can still have; what the line takes of it is taken off."""
    is_answered = not (line.custom or questions) or still_fit(questions, line.custom, currency=card.currency)
    most = max(0, whole(card.takes, left)) if card.is_on_sale and card.is_priced and is_answered else 0
    quantity = quantities.allowed(card, min(line.quantity, most))
    for pk, pieces in card.takes.items():
        left[pk] -= pieces * quantity
    seen = Money(line.seen_minor, card.currency)
    kind, notice = _notice(line, card, quantity, most, seen)
    if card.is_on_sale and not is_answered:
        kind, notice = "error", _("We ask something else for it now: add it anew. It is not counted.")
    return TotalLine(line.pk, card, line.quantity, quantity, most, seen, kind, notice)


def _notice(line: CartLine, card: LineCard, quantity: int, most: int, seen: Money) -> tuple[str, str]:
    if not card.is_on_sale:
        return "error", _("No longer on sale. It is not counted.")
    if not card.is_priced:
        text = _("Not sold in %(currency)s. It is not counted.")
        return "error", text % {"currency": card.currency}
    if quantity < line.quantity <= most and quantity:
        text = _("%(rule)s We count %(count)s.")
        return "warn", text % {"rule": quantities.rule(card), "count": quantity}
    if quantity == 0 and line.quantity <= most:
        return "error", _("%(rule)s It is not counted.") % {"rule": quantities.rule(card)}
    if quantity == 0:
        return "error", _("Sold out meanwhile. It is not counted.")
    if quantity < line.quantity:
        text = ngettext(
            "You wanted %(wanted)s, only %(count)s is left. We count %(count)s.",
            "You wanted %(wanted)s, only %(count)s are left. We count %(count)s.",
            quantity,
        )
        return "warn", text % {"wanted": line.quantity, "count": quantity}
    if card.price_minor != seen.minor:
        now = Money(card.price_minor, card.currency)
        text = _("The price has risen from %(old)s to %(new)s since you added it.")
        if now < seen:
            text = _("The price has fallen from %(old)s to %(new)s since you added it.")
        return "info", text % {"old": seen.format(), "new": now.format()}
    return "", ""
