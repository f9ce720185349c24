from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from checkout import addresses, filling, hinting, live_rates, quoting, showing, starting
from checkout.promising import in_words
from checkout.views.guards import in_checkout
from shop.core.http import see_other
from shop.core.wording import said


@require_http_methods(["GET", "POST"])
@in_checkout
def edit(request, checkout):
    """How it travels: the second page. Shown, it waits a moment for carriers that say their prices themselves."""
    if filling.lacks_details(checkout):
        return see_other("checkout:details")
    if request.method == "GET":
        live_rates.wait(checkout)
        return _page(request, checkout)
    wanted = request.POST.get("method", "")
    is_id = wanted.isascii() and wanted.isdigit() and len(wanted) < 12
    try:
        filling.set_method(checkout, method=int(wanted) if is_id else 0)
    except filling.MethodNotOffered as refusal:
        return _page(request, checkout, error=refusal.message)
    starting.hold(checkout)
    return see_other("checkout:payment")


def _page(request, checkout, *, error=""):
    basket = quoting.load(checkout)
    quote = quoting.calculate(basket)
    if not quote.needs_delivery:
        return see_other("checkout:payment")
    context = showing.context(checkout, basket, quote, step="delivery") | {
        "answers": showing.answers(checkout),
        "options": [_option(basket, offer) for offer in basket.offers],
        "errors": [{"href": "#method", "text": error}] if error else [],
        "has_errors": bool(error),
        "country_name": addresses.country_name(checkout.country),
        "weight_kg": f"{basket.weight_g / 1000:.1f}",
        "meant_email": hinting.suggestion(checkout.email),
    }
    return render(request, "checkout/delivery.html", context, status=422 if error else 200)


def _option(basket, offer) -> dict:
    """As components/radio_card.html wants it; the chosen one is marked, else the first."""
    quote = quoting.with_offer(basket, offer)
    chosen = basket.offer or basket.offers[0]
    when = in_words(offer.earliest, offer.latest)
    return {
        "value": offer.method.pk,
        "label": said(offer.method.name),
        "text": _("Ready %(when)s") % {"when": when}
        if offer.method.is_pickup
        else _("Arrives %(when)s") % {"when": when},
        "price": quote.money(quote.shipping_minor) if quote.shipping_minor else _("Free"),
        "icon": "store" if offer.method.is_pickup else "truck",
        "checked": offer.method.pk == chosen.method.pk,
        "has_import_charges": offer.method.has_import_charges,
    }
