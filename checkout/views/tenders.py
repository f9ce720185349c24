"""Gift cards and store credit on the payment page: entered, ticked and taken out again, each by a form of its own."""

from django.contrib import messages
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from checkout import tendering
from checkout.gateways.csp import payment_page
from checkout.quoting import quote
from checkout.views.guards import in_checkout
from checkout.views.payment import page
from shop.core.errors import Refused
from shop.core.http import client_ip, see_other


@payment_page
@require_POST
@in_checkout
def add_card(request, checkout):
    code = request.POST.get("code", "")[:200]
    try:
        if not code.strip():
            raise tendering.CardNotAccepted(_("Enter the code that is on the gift card."))
        tendering.check_guess(f"checkout-{checkout.pk}", client_ip(request))
        card = tendering.add_card(checkout, code=code)
        if card.reference not in [tender.purse for tender in quote(checkout).tenders]:
            tendering.remove_card(checkout, pk=card.pk)
            raise tendering.CardNotAccepted(_("Nothing is left that this card could pay."))
    except Refused as refusal:
        return page(request, checkout, code=code, code_error=refusal.message)
    messages.success(request, _("The gift card pays with you. Nothing is taken off it before you order."))
    return see_other("checkout:payment")


@require_POST
@in_checkout
def remove_card(request, checkout, pk):
    tendering.remove_card(checkout, pk=pk)
    return see_other("checkout:payment")


@require_POST
@in_checkout
def use_credit(request, checkout):
    """A box that is not ticked is not sent."""
    tendering.use_credit(checkout, wanted="wanted" in request.POST)
    return see_other("checkout:payment")
