"""What pages of other apps show of the checkout: what a cart would cost, when goods arrive."""

from datetime import date

from django import template
from django.utils.translation import gettext as _

from cart.totals import CartTotals
from checkout.addresses import country_choices
from checkout.estimating import Estimate, estimate
from checkout.promising import in_words
from checkout.quote import Quote

register = template.Library()


@register.simple_tag(takes_context=True)
def delivery_estimate(context, totals: CartTotals, country: str = "") -> Estimate:
    """`{% delivery_estimate totals country as estimate %}`"""
    return estimate(totals, country=country, shop=context.get("shop"))


@register.simple_tag
def arrival_words(earliest: date, latest: date) -> str:
    return in_words(earliest, latest)


@register.filter
def named(countries) -> list[tuple[str, str]]:
    """Codes as (code, name), by name."""
    return country_choices(countries)


@register.filter
def quote_rows(quote: Quote) -> list[dict]:
    """The rows above the total, as components/totals.html wants them."""
    rows = [{"label": _("Subtotal"), "amount": quote.goods}]
    if quote.shipping:
        rows.append(_delivery_row(quote))
    if not quote.prices_include_tax:
        rows += [
            {"label": f"{tax.name} {tax.percent_text} %", "amount": quote.money(tax.tax_minor)}
            for tax in quote.tax_totals
            if not tax.reason
        ]
    return rows


@register.filter
def tax_words(quote: Quote) -> str:
    """What stands small beside the total."""
    if quote.is_export:
        return _("No VAT: this goes abroad")
    taxes = [tax for tax in quote.tax_totals if not tax.reason and tax.tax_minor]
    if not quote.prices_include_tax or not taxes:
        return ""
    shown = [
        _("%(amount)s %(name)s %(percent)s %%")
        % {"amount": quote.money(tax.tax_minor).format(), "name": tax.name, "percent": tax.percent_text}
        for tax in taxes
    ]
    return _("includes %(taxes)s") % {"taxes": ", ".join(shown)}


def _delivery_row(quote: Quote) -> dict:
    assert quote.shipping is not None
    label = _("Pick-up") if quote.shipping.is_pickup else _("Delivery")
    if quote.shipping_minor == 0:
        return {"label": label, "amount": _("Free"), "kind": "free", "note": quote.shipping.name}
    return {"label": label, "amount": quote.money(quote.shipping_minor), "note": quote.shipping.name}
