"""Waiting for what is sold out: asked from the product's cached page, confirmed and stopped by the link in a mail."""

import hashlib

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cart import alerting, telling
from cart.alert_form import AlertForm
from cart.models import StockAlert
from cart.views.owned import known_id
from catalog.models import Variant
from shop.accounts.buyers import normalise
from shop.core import limits
from shop.core.errors import Refused
from shop.core.http import client_ip, private, same_origin, see_other

PER_VISITOR = {"limit": 20, "seconds": 3600}
PER_ADDRESS = {"limit": 10, "seconds": 24 * 3600}  # it is asked by mail: nobody may flood a stranger


@same_origin
@private
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, pk):
    """The form for one variant; a signed-in visitor finds his address in it."""
    variants = Variant.objects.on_sale_now().select_related("product")
    variant = get_object_or_404(variants, pk=known_id(pk))
    user = request.user if request.user.is_authenticated else None
    form = AlertForm(
        request.POST if request.method == "POST" else None, initial={"email": user.email if user else ""}
    )
    if request.method != "POST" or not form.is_valid():
        return _page(request, variant, form, status=422 if form.errors else 200)
    email = form.cleaned_data["email"]
    try:
        _count(request, email)
        alerting.ask(variant, email=email, user=user)
    except limits.TooMany as refusal:
        form.add_error(None, refusal.message)
        return _page(request, variant, form, status=429)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, variant, form, status=422)
    return see_other("cart:alert_asked")


@private
@require_GET
def asked(request):
    """The same for every address: whether somebody waits already is nobody's business."""
    return render(request, "cart/alert_asked.html")


@private
@require_http_methods(["GET", "HEAD", "POST"])
def one(request, token):
    """Behind the link in a mail: POST says yes, or stops it. Looking changes nothing, for programs look at links, too."""
    if "\0" in token:
        raise Http404
    alert = get_object_or_404(StockAlert.objects.select_related("variant__product"), token=token)
    if request.method != "POST":
        return render(request, "cart/alert.html", {"alert": alert})
    if request.POST.get("wanted") == "no":
        alerting.stop(alert)
        messages.success(request, _("Stopped. Your address is deleted."))
        return see_other(alert.variant)
    alerting.confirm(alert)
    return see_other("cart:alert", token)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def news(request, token):
    """Behind the link in a mail about a wishlist: POST stops such mails."""
    wishlist = telling.list_of(token)
    if wishlist is None:
        raise Http404
    if request.method == "POST":
        telling.disallow(wishlist)
        return see_other("cart:news", token)
    return render(request, "cart/news.html", {"wishlist": wishlist})


def _page(request, variant, form, *, status):
    return render(request, "cart/alert_form.html", {"variant": variant, "form": form}, status=status)


def _count(request, email: str) -> None:
    limits.hit(f"alert:{client_ip(request)}", **PER_VISITOR)
    address = hashlib.sha256(normalise(email).encode()).hexdigest()[:24]
    limits.hit(f"alert-by:{address}", **PER_ADDRESS)
