from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from catalog.stock import OutOfStock
from checkout import filling, hinting, quoting, saving_cards, showing, starting, tendering, waiving
from checkout.gateways import in_words, offered
from checkout.gateways.csp import payment_page
from checkout.gateways.stripe import element
from checkout.purchasing import purchase_of
from checkout.views.guards import in_checkout, sold_meanwhile
from shop.core import clock
from shop.core.http import see_other
from shop.core.models import Page


@payment_page
@require_GET
@in_checkout
def show(request, checkout):
    """Review, and by which means: the last page. Its form goes to the orders."""
    return page(request, checkout)


def page(request, checkout, *, code="", code_error=""):
    """With what was typed as a gift card's code, where that was refused."""
    basket = quoting.load(checkout)
    if quoting.ask_for_taxes(checkout, basket):
        basket = quoting.load(checkout)
    quote = quoting.calculate(basket)
    if step := filling.missing_step(checkout, quote):
        return see_other(f"checkout:{step}")
    gateways = offered(purchase_of(checkout, quote))
    context = showing.context(checkout, basket, quote, step="payment") | {
        "answers": showing.answers(checkout, quote),
        "gateways": in_words(gateways, is_pickup=bool(quote.shipping and quote.shipping.is_pickup)),
        "cards": saving_cards.cards_of(request.user),
        "can_keep": request.user.is_authenticated,
        "element": element(quote.due, language=get_language() or "en"),
        "terms": Page.objects.filter(slug="terms", is_published=True).first(),
        "changed": _changed(checkout),
        "asks_waiver": waiving.is_asked(checkout, quote),
        "meant_email": hinting.suggestion(checkout.email),
        "tenders": _tenders(quote),
        "credit": tendering.offered_credit(checkout, request.user),
        "code": code,
        "code_error": code_error,
    }
    return render(request, "checkout/payment.html", context, status=422 if code_error else 200)


def _tenders(quote) -> list[dict]:
    """Each with what it pays, what stays on it and, of a gift card, by which id it is taken out."""
    return [
        {
            "label": tender.label,
            "pays": quote.money(tender.amount_minor),
            "left": quote.money(tender.left_minor),
            "card": tender.purse.partition(":")[2] if tender.kind == "gift_card" else "",
        }
        for tender in quote.tenders
    ]


def _changed(checkout) -> str:
    """Said before the button is pressed, when the reservation ran out and somebody else was faster."""
    if checkout.reserved_until and checkout.reserved_until > clock.now():
        return ""
    short = starting.short_of(checkout)
    return sold_meanwhile(OutOfStock(_("Your reservation ran out."), short=short)) if short else ""
