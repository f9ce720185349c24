"""Lines that leave the cart for a while, and the way back."""

from django.contrib import messages
from django.views.decorators.http import require_POST

from cart import setting_aside, undoing
from cart.finding import keeps_cart
from cart.views.owned import own_cart, own_line
from shop.core.errors import Refused
from shop.core.http import private, see_other


@require_POST
@private
@keeps_cart
def save(request, pk):
    try:
        setting_aside.save_for_later(own_line(request, pk))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return see_other("cart:cart")


@require_POST
@private
@keeps_cart
def restore(request):
    """What was taken out last; nothing the second time."""
    done = undoing.undo(own_cart(request))
    for text in [*done.refusals, *(line.notice for line in done.lines if line.notice)]:
        messages.warning(request, text)
    return see_other("cart:cart")
