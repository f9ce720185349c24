"""The button of the checkout's payment page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cart.finding import Visit
from catalog.models import Variant
from catalog.stock import OutOfStock
from checkout.finding import checkout_of
from checkout.purses import CannotPay, NotEnough
from orders import access, handing_over
from orders.forms import PlaceForm
from orders.placing import CheckoutGone, NotReady, PriceChanged, place_order
from shop.core import limits
from shop.core.errors import Refused
from shop.core.http import client_ip, private

GIVEN = ("gateway", "fingerprint", "terms_version", "waives_withdrawal")
PER_VISITOR = {"limit": 60, "seconds": 900}


@private
@require_POST
def create(request: Visit) -> HttpResponse:
    checkout = checkout_of(request)
    if checkout is None:
        gone = Refused(_("Your checkout has ended. Your cart is still here."))
        return handing_over.refuse(request, gone, to=reverse("cart:cart"), leave=True)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        missing = Refused(_("Choose how to pay, then press the button again."))
        return handing_over.refuse(request, missing, to=reverse("checkout:payment"))
    try:
        limits.hit(f"place:{client_ip(request)}", **PER_VISITOR)
        given = {name: form.cleaned_data[name] for name in GIVEN}
        order = place_order(checkout, **given, by=request.user if request.user.is_authenticated else None)
    except Refused as refusal:
        return _refused(request, refusal)
    access.grant(request, order)
    return handing_over.pay(request, order, **form.way)


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Each refusal leads to the page where something can be done about it."""
    if isinstance(refusal, OutOfStock):
        for name in _names(refusal.data.get("short", {})):
            messages.warning(request, _("%(name)s: no longer in stock in this quantity.") % {"name": name})
        return handing_over.refuse(request, refusal, to=reverse("cart:cart"), status=409, leave=True)
    if isinstance(refusal, CheckoutGone):
        return handing_over.refuse(request, refusal, to=reverse("cart:cart"), status=409, leave=True)
    if isinstance(refusal, (PriceChanged, NotEnough, CannotPay)):
        return handing_over.refuse(request, refusal, to=reverse("checkout:payment"), status=409, leave=True)
    if isinstance(refusal, NotReady):
        return handing_over.refuse(
            request, refusal, to=reverse(f"checkout:{refusal.data['step']}"), leave=True
        )
    status = 429 if isinstance(refusal, limits.TooMany) else 422
    return handing_over.refuse(request, refusal, to=reverse("checkout:payment"), status=status)


def _names(short: dict[int, int]) -> list[str]:
    return [one.full_name for one in Variant.objects.filter(pk__in=short).select_related("product")]
