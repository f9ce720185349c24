"""What pages of other apps show of the checkout: what a cart would cost, when goods arrive."""

from datetime import date

from django import template
from django.utils.translation import gettext as _

from cart.totals import CartTotals
from checkout.addresses import country_choices, country_name
from checkout.estimating import Estimate, estimate
from checkout.promising import in_words
from checkout.quote import Quote
from checkout.shipping_rates import Offer, promised
from checkout.taxing import EXEMPT, INTRA_COMMUNITY, REVERSE_CHARGE
from shop.core.money import Money

register = template.Library()


@register.simple_tag(takes_context=True)
def delivery_estimate(context, totals: CartTotals, country: str = "") -> Estimate:
    """`{% delivery_estimate totals country as estimate %}`"""
    return estimate(totals, country=country, shop=context.get("shop"))


@register.simple_tag
def arrival_words(earliest: date, latest: date) -> str:
    return in_words(earliest, latest)


@register.simple_tag(takes_context=True)
def delivery_promise(
    context, weight_g: int, goods: Money, made_in_days: int = 0, ready_by: date | None = None
) -> Offer | None:
    """`{% delivery_promise weight_g price as offer %}`: the cheapest delivery within the shop's own country, ordered now."""
    shop = context["shop"]
    offers = promised(
        country=shop.country,
        weight_g=weight_g,
        goods=goods,
        made_in_days=made_in_days,
        ready_by=ready_by,
    )
    return next((offer for offer in offers if not offer.method.is_pickup), None)


register.filter("country_name", country_name)


@register.filter
def named(countries) -> list[tuple[str, str]]:
    """Codes as (code, name), by name."""
    return country_choices(countries)


@register.filter
def quote_rows(quote: Quote, to: str = "") -> list[dict]:
    """The rows above the total, as components/totals.html wants them; `to` is said beside the delivery."""
    rows = [{"label": _("Subtotal"), "amount": quote.goods}]
    rows += [{"label": one.name, "amount": quote.money(one.total_minor)} for one in quote.charges]
    if quote.shipping:
        rows.append(_delivery_row(quote, to))
    if not quote.prices_include_tax:
        rows += [
            {"label": f"{tax.name} {tax.percent_text} %", "amount": quote.money(tax.tax_minor)}
            for tax in quote.tax_totals
            if not tax.reason
        ]
    return rows


@register.filter
def tender_rows(quote: Quote) -> list[dict]:
    """The rows below the total: what gift cards and store credit pay, and what is left to pay. Empty without them."""
    if not quote.tenders:
        return []
    rows = [{"label": one.label, "amount": quote.money(-one.amount_minor)} for one in quote.tenders]
    return [*rows, {"label": _("Left to pay"), "amount": quote.due}]


@register.filter
def tax_words(quote: Quote) -> str:
    """What stands small beside the total."""
    if quote.is_export:
        return _("without VAT, because it goes abroad")
    if words := relief_words({tax.reason for tax in quote.tax_totals}):
        return words
    taxes = [tax for tax in quote.tax_totals if not tax.reason and tax.tax_minor]
    if not quote.prices_include_tax or not taxes:
        return ""
    shown = [
        _("%(amount)s %(name)s %(percent)s %%")
        % {"amount": quote.money(tax.tax_minor).format(), "name": tax.name, "percent": tax.percent_text}
        for tax in taxes
    ]
    return _("includes %(taxes)s") % {"taxes": ", ".join(shown)}


def relief_words(reasons: set[str]) -> str:
    """Why a buyer is not asked for tax; empty when he is."""
    if INTRA_COMMUNITY in reasons or REVERSE_CHARGE in reasons:
        return _("without VAT: you account for it in your country")
    return _("without tax, by your certificate") if EXEMPT in reasons else ""


def _delivery_row(quote: Quote, to: str) -> dict:
    assert quote.shipping is not None
    is_free = quote.shipping_minor == 0
    return {
        "label": _("Pick-up") if quote.shipping.is_pickup else _("Delivery"),
        "amount": _("Free") if is_free else quote.money(quote.shipping_minor),
        "kind": "free" if is_free else "",
        "note": f"{quote.shipping.name}, {to}" if to else quote.shipping.name,
    }
