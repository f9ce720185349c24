"""What the pages of the checkout have in common: the steps, the summary beside them, the rows with "Change" links."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checkout import addresses, quoting, vat_ids
from checkout.models import Checkout, VatCheck
from checkout.promising import in_words
from checkout.quote import Quote
from checkout.quoting import Basket
from checkout.taxing import INTRA_COMMUNITY, REVERSE_CHARGE

STEPS = ["details", "delivery", "payment"]


def context(checkout: Checkout, basket: Basket, quote: Quote, *, step: str) -> dict:
    """For layouts/checkout.html. Before a delivery is chosen, the summary counts the first that is offered."""
    is_estimate = quote.shipping is None and bool(basket.offers)
    shown = quoting.with_offer(basket, basket.offers[0]) if is_estimate else quote
    count = ngettext("%(n)s item", "%(n)s items", quote.count) % {"n": quote.count}
    return {
        "checkout": checkout,
        "quote": quote,
        "shown": shown,
        "is_estimate": is_estimate or (quote.shipping is None and quote.needs_delivery),
        "lines": _lines(basket, shown),
        "steps": steps(step, needs_delivery=quote.needs_delivery),
        "step": step,
        "summary_count": count,
        "summary_total": shown.due,
    }


def steps(current: str, *, needs_delivery: bool = True) -> list[dict]:
    """Without that of the delivery where nothing travels."""
    labels = {"details": _("Details"), "delivery": _("Delivery"), "payment": _("Payment")}
    names = [name for name in STEPS if needs_delivery or name != "delivery"]
    here = names.index(current)
    return [
        {
            "label": labels[name],
            "url": reverse(f"checkout:{name}"),
            "state": "done" if i < here else "current" if i == here else "next",
        }
        for i, name in enumerate(names)
    ]


def answers(checkout: Checkout, quote: Quote | None = None) -> list[dict]:
    """What has been filled in, as components/summary_list.html wants it."""
    change, details = _("Change"), reverse("checkout:details")
    rows: list[dict] = [
        {
            "term": _("Contact"),
            "text": checkout.email,
            "url": details,
            "link": change,
            "of": _("email address"),
        },
        {
            "term": _("Deliver to") if quote is None or quote.needs_delivery else _("Address"),
            "lines": addresses.format_lines(checkout),
            "url": details,
            "link": change,
            "of": _("delivery address"),
        },
    ]
    if checkout.billing:
        lines = addresses.format_lines(checkout.billing)
        rows.append(
            {"term": _("Bill to"), "lines": lines, "url": details, "link": change, "of": _("billing address")}
        )
    if checkout.vat_id or checkout.po_number:
        rows.append(_business_row(checkout, quote, details))
    if quote and quote.shipping:
        rows.append(_delivery_row(quote, change))
    return rows + _presented(checkout, change)


def _presented(checkout: Checkout, change: str) -> list[dict]:
    """The words that travel along; they are changed in the cart."""
    where = f"{reverse('cart:cart')}#gift"
    told = [(_("Gift message"), checkout.gift_message), (_("Your note to us"), checkout.order_note)]
    return [
        {"term": term, "text": text, "url": where, "link": change, "of": term} for term, text in told if text
    ]


def _business_row(checkout: Checkout, quote: Quote | None, url: str) -> dict:
    """The VAT id with what it means for the total, and the buyer's own number."""
    lines = [_("VAT id %(id)s") % {"id": checkout.vat_id}] if checkout.vat_id else []
    if checkout.po_number:
        lines.append(_("Your order number: %(number)s") % {"number": checkout.po_number})
    if quote and checkout.vat_id:
        lines.append(vat_words(checkout, quote))
    row = {"term": _("Business"), "lines": lines, "url": url, "link": _("Change")}
    return row | {"of": _("VAT id and order number")}


def vat_words(checkout: Checkout, quote: Quote) -> str:
    """What the VAT id does to the total."""
    state, reasons = vat_ids.state_of(checkout.vat_id), {tax.reason for tax in quote.tax_totals}
    if reasons & {INTRA_COMMUNITY, REVERSE_CHARGE}:
        if state == VatCheck.State.VALID:
            return _("Confirmed: no VAT is charged, you account for it in your country.")
        return _("No VAT is charged. We will ask the EU’s register again, which does not answer now.")
    words: dict[str, str] = {
        VatCheck.State.PENDING: _("We are checking it. Until it is confirmed, the total includes VAT."),
        VatCheck.State.UNANSWERED: _("The EU’s register does not answer now, so the total includes VAT."),
        VatCheck.State.INVALID: _("The EU’s register does not know it, so the total includes VAT."),
        VatCheck.State.VALID: _("Confirmed. VAT is charged as usual for this delivery."),
    }
    return words.get(state, _("VAT is charged as usual for this delivery."))


def _delivery_row(quote: Quote, change: str) -> dict:
    assert quote.shipping is not None
    when = in_words(quote.shipping.earliest, quote.shipping.latest)
    says = _("%(name)s, ready %(when)s") if quote.shipping.is_pickup else _("%(name)s, arrives %(when)s")
    return {
        "term": _("Delivery"),
        "text": says % {"name": quote.shipping.name, "when": when},
        "url": reverse("checkout:delivery"),
        "link": change,
        "of": _("way of delivery"),
    }


def _lines(basket: Basket, quote: Quote) -> list[dict]:
    return [
        {
            "image": {"src": card.photo.thumb} if card.photo else None,
            "name": card.name,
            "options": card.choices,
            "details": card.details,
            "quantity": line.quantity,
            "total": quote.money(line.unit_minor * line.quantity),
        }
        for (card, _quantity), line in zip(basket.items, quote.lines, strict=True)
    ]
