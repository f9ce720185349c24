from django.contrib import messages
from django.http import Http404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cart import gifting
from cart.finding import cart_of, keeps_cart
from cart.gift_form import GiftForm
from cart.views.cart import page
from shop.core.errors import Refused
from shop.core.http import private, see_other


@require_POST
@private
@keeps_cart
def present(request):
    """Wrap, card, message and note of the visitor's own cart."""
    cart = cart_of(request)
    if cart is None:
        raise Http404
    form = GiftForm(gifting.options_for(cart.currency), request.POST)
    if form.is_valid():
        try:
            gifting.present(cart, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved: it comes with your order."))
            return see_other("cart:cart")
    return page(request, status=422, gift_form=form)
