"""A quote's arithmetic, line by line, for staff and for `manage.py explain_quote`. Plain English figures, not for customers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cart.rules import Adjustment
from checkout.quote import Quote, QuoteTax
from shop.core.money import Money

if TYPE_CHECKING:
    from checkout.quoting import Basket


def steps(quote: Quote, basket: Basket) -> tuple[str, ...]:
    """One sentence a step, in the order in which it was calculated."""

    def money(minor: int) -> str:
        return f"{Money(minor, quote.currency).to_decimal()} {quote.currency}"

    told = [_heading(quote, basket)]
    if quote.tax_note:
        told.append(quote.tax_note)
    for (card, _quantity), line in zip(basket.items, quote.lines, strict=True):
        if line.unit_minor != card.price_minor:
            percent = basket.taxation.home.percent(card.tax_class)
            told.append(
                f"{line.sku}: catalogue {money(card.price_minor)}, home tax {percent.normalize():f} %"
                f" → {money(line.unit_minor)}"
            )
        listed = line.unit_minor * line.quantity
        told.append(f"{line.sku}: {line.quantity} × {money(line.unit_minor)} = {money(listed)}")
        told += _discounts(line.sku, listed, line.adjustments, money)
        told += [_tax(line.sku, line.total_minor, tax, quote, money) for tax in line.taxes]
    told.append(f"goods = {money(quote.goods_minor)}")
    for charge in quote.charges:
        told.append(f"{charge.name}: {money(charge.total_minor)}")
        told += [_tax(charge.name, charge.total_minor, tax, quote, money) for tax in charge.taxes]
    if quote.shipping and basket.offer:
        price = basket.offer.price.minor
        listed = quote.shipping_minor + quote.shipping.discount_minor
        told += [f"delivery {quote.shipping.name}: {step}" for step in basket.offer.steps]
        told.append(
            f"delivery {quote.shipping.name}: {quote.weight_g} g to {basket.country}, catalogue {money(price)}"
            f" → {money(listed)}"
        )
        told += _discounts("delivery", listed, quote.shipping.adjustments, money)
        told += [_tax("delivery", quote.shipping_minor, tax, quote, money) for tax in quote.shipping.taxes]
    told += [f"code {one.code} changes nothing: {one.why}" for one in quote.without]
    told.append(_total(quote, money))
    told += [
        f"{tender.purse}: pays {money(tender.amount_minor)}, {money(tender.left_minor)} stay on it"
        for tender in quote.tenders
    ]
    if quote.tenders:
        told.append(f"due = {money(quote.due_minor)}")
    return tuple(told)


def _heading(quote: Quote, basket: Basket) -> str:
    if basket.taxation.relief:
        reason = next(iter(basket.taxation.relief.values()))
        return f"to {basket.country}: {reason}, home tax taken off, no tax"
    if basket.taxation.there is None:
        return f"to {basket.country}: export, home tax taken off, no tax"
    how = "prices contain the tax" if quote.prices_include_tax else "tax is added to the prices"
    basis = "line by line" if basket.taxation.there.rounds_lines else "by the sum of each rate"
    return f"to {basket.country}: {how}, rounded {basis}"


def _discounts(what: str, minor: int, adjustments: Iterable[Adjustment], money) -> Iterator[str]:
    for one in adjustments:
        code = f" (code {one.code})" if one.code else ""
        minor -= one.amount_minor
        yield f"{what}: {one.name}{code} −{money(one.amount_minor)} → {money(minor)}"


def _tax(what: str, minor: int, tax: QuoteTax, quote: Quote, money) -> str:
    if tax.reason:
        return f"{what}: no tax ({tax.reason})"
    percent = f"{tax.name} {tax.percent_text} %"
    if quote.prices_include_tax:
        return f"{what}: {percent} in {money(minor)} → {money(tax.tax_minor)}, net {money(tax.taxable_minor)}"
    return f"{what}: {percent} on {money(tax.taxable_minor)} → {money(tax.tax_minor)}"


def _total(quote: Quote, money) -> str:
    charges = f" + charges {money(quote.charges_minor)}" if quote.charges else ""
    sums = f"goods {money(quote.goods_minor)}{charges} + delivery {money(quote.shipping_minor)}"
    if quote.prices_include_tax:
        return f"total = {sums} = {money(quote.total_minor)}, {money(quote.tax_minor)} tax in it"
    return f"total = {sums} + tax {money(quote.tax_minor)} = {money(quote.total_minor)}"
