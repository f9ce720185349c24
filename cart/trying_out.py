"""What a promotion would do to a cart that a seller makes up: beside all others that run, whether it runs itself or not."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cart.models import Promotion
from cart.offering import deal_for
from cart.rules import Outcome
from catalog.browsing import LineCard, line_cards
from catalog.models import Variant
from shop.core.models import Shop
from shop.core.money import Money, minor_of

MOST_LINES = 30


class SampleForm(forms.Form):
    goods = forms.CharField(
        label=gettext_lazy("Cart"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("One SKU a line, with the pieces after it: MUG-01 2"),
    )
    country = forms.CharField(label=gettext_lazy("Delivered to"), max_length=2, required=False)
    delivery = forms.DecimalField(
        label=gettext_lazy("Price of the delivery"),
        min_value=0,
        max_digits=9,
        decimal_places=2,
        required=False,
    )

    def clean_goods(self) -> dict[Variant, int]:
        wanted: dict[str, int] = {}
        for line in filter(str.strip, self.cleaned_data["goods"].splitlines()):
            sku, _space, pieces = line.strip().partition(" ")
            if pieces.strip() and not (pieces.strip().isdecimal() and 0 < int(pieces) < 1000):
                raise ValidationError(
                    _("“%(line)s”: write the SKU, a space and how many.") % {"line": line[:40]}
                )
            wanted[sku] = int(pieces) if pieces.strip() else 1
        found = {one.sku: one for one in Variant.objects.filter(sku__in=wanted)}
        if unknown := [sku for sku in wanted if sku not in found]:
            raise ValidationError(_("There is no %(sku)s.") % {"sku": unknown[0][:40]})
        if len(wanted) > MOST_LINES:
            raise ValidationError(_("At most %(n)s lines.") % {"n": MOST_LINES})
        return {found[sku]: pieces for sku, pieces in wanted.items()}

    def clean_country(self) -> str:
        return self.cleaned_data["country"].upper()


@dataclass(frozen=True)
class Trial:
    """`rows` are label, what it costs, what is taken off by which promotion."""

    rows: list[dict]
    before: Money
    off: Money
    total: Money
    outcome: Outcome


def try_out(promotion: Promotion, *, goods: dict[Variant, int], country: str, delivery) -> Trial:
    currency = promotion.currency or Shop.current().currency
    pieces = {variant.pk: count for variant, count in goods.items()}
    cards = line_cards(pieces, currency=currency)
    items = [(card, pieces[pk]) for pk, card in cards.items()]
    deal = deal_for(None, cards.values(), currency=currency, country=country, also=promotion)
    price = minor_of(delivery, currency)
    outcome = deal.outcome(items, delivery_minor=price)
    return _trial(items, outcome, price, currency)


def _trial(items: list[tuple[LineCard, int]], outcome: Outcome, price: int | None, currency: str) -> Trial:
    rows = [
        _row(f"{count} × {card.full_name}", card.price_minor * count, off, currency)
        for (card, count), off in zip(items, outcome.lines, strict=True)
    ]
    if price is not None:
        rows.append(_row(_("Delivery"), price, outcome.delivery, currency))
    before = sum(row["minor"] for row in rows)
    off = sum(row["off"] for row in rows)
    return Trial(rows, Money(before, currency), Money(-off, currency), Money(before - off, currency), outcome)


def _row(label: str, minor: int, off, currency: str) -> dict:
    return {
        "label": label,
        "minor": minor,
        "off": sum(one.amount_minor for one in off),
        "listed": Money(minor, currency),
        "left": Money(minor - sum(one.amount_minor for one in off), currency),
        "why": [(one.name, Money(-one.amount_minor, currency)) for one in off],
    }
