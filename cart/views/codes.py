from django.contrib import messages
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cart import coupons
from cart.finding import cart_of, keeps_cart
from cart.views.cart import page
from shop.core import limits
from shop.core.http import client_ip, private, see_other


@require_POST
@private
@keeps_cart
def enter(request):
    """A code into the visitor's own cart. What was typed stays, with the reason beside it, where it cannot be used."""
    cart, typed = cart_of(request), request.POST.get("code", "")[:80]
    if cart is None:
        return see_other("cart:cart")
    user = request.user if request.user.is_authenticated else None
    try:
        coupon = coupons.enter(cart, typed, network=client_ip(request), user=user)
    except coupons.CodeRefused as refusal:
        return _page(request, typed, refusal.message, status=422)
    except limits.TooMany as refusal:
        return _page(request, typed, refusal.message, status=429)
    messages.success(request, _("The code %(code)s is in your cart.") % {"code": coupon.code})
    return see_other("cart:cart")


@require_POST
@private
@keeps_cart
def remove(request):
    cart = cart_of(request)
    if cart is not None:
        coupons.remove(cart, [request.POST.get("code", "")])
        messages.info(request, _("The code was removed."))
    return see_other("cart:cart")


def _page(request, typed, why, *, status):
    return page(request, status=status, code={"typed": typed, "error": why})
