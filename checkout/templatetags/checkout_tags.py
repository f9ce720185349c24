"""What pages of other apps show of the checkout: what a cart would cost, when goods arrive."""

from datetime import date

from django import template
from django.utils.translation import gettext as _

from cart.models import Cart
from cart.totals import CartTotals
from catalog.models import Product
from checkout.addresses import country_choices, country_name
from checkout.discounting import delivery_note, discount_row
from checkout.estimating import Estimate, estimate
from checkout.promising import in_words
from checkout.quote import Quote
from checkout.shipping_rates import Offer, promised
from checkout.taxing import EXEMPT, INTRA_COMMUNITY, REVERSE_CHARGE
from shop.core.models import told
from shop.core.money import Money

register = template.Library()


@register.simple_tag(takes_context=True)
def delivery_estimate(context, totals: CartTotals, country: str = "", postcode: str = "") -> Estimate:
    """`{% delivery_estimate totals country postcode as estimate %}`"""
    return estimate(totals, country=country, postcode=postcode, shop=context.get("shop"))


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
    rows = [{"label": _("Subtotal"), "amount": quote.before}]
    rows += [discount_row(one.name, one.code, quote.money(one.amount_minor)) for one in quote.discounts]
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
def offers_within_reach(quote: Quote) -> list[dict]:
    """What would be cheaper with a little more. One query where there is something to choose from, else none."""
    wanted = {pk for hint in quote.hints for pk in hint.products}
    known = Product.objects.filter(pk__in=wanted, status=Product.Status.ACTIVE) if wanted else ()
    products = {one.pk: {"name": told(one).name, "url": one.get_absolute_url()} for one in known}
    return [
        {
            "name": hint.name,
            "text": hint.text,
            "share": hint.share,
            "links": [products[pk] for pk in sorted(hint.products) if pk in products][:3],
        }
        for hint in quote.hints
    ]


@register.filter
def codes_of(quote: Quote, cart: Cart | None) -> list[dict]:
    """The cart's codes, each with the reason where it changes nothing."""
    whys = {one.code: one.why for one in quote.without}
    return [{"code": code, "why": whys.get(code, "")} for code in (cart.codes if cart else ())]


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
        "note": delivery_note(
            f"{quote.shipping.name}, {to}" if to else quote.shipping.name,
            (one.name for one in quote.shipping.adjustments),
        ),
    }
