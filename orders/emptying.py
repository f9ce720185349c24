"""The cart stays whole until its order is confirmed: who closes the window while paying finds an order or his cart. Who pays
by bank transfer has nothing more to do in the shop, so his cart is empty at once.

Then what was bought is taken out, once; what was put in meanwhile stays. Until then the cart knows that its goods are kept
for the order, so that it does not call them sold out.
"""

from django.db import transaction

from cart import adding, coupons
from cart.models import Cart
from checkout.models import Checkout
from checkout.starting import abandon
from orders.awaiting import awaits_transfer
from orders.models import Order
from shop.core.locks import lock


@transaction.atomic
def empty_cart(order: Order) -> None:
    """Takes nothing out before the order is confirmed, or waits for a transfer; nor a second time."""
    cart = Cart.objects.filter(checkouts=order.checkout_id).first() if order.checkout_id else None
    if cart is None:
        return
    if order.confirmed_at is None and not awaits_transfer(order):
        return adding.note_reserved(cart, holder=order.holder)
    lock(Cart.objects.filter(pk=cart.pk)).first()
    if Order.objects.filter(pk=order.pk, is_out_of_cart=False).update(is_out_of_cart=True):
        bought = order.quantities()
        adding.take_out(cart, bought=order.bought())
        coupons.remove(cart, order.adjustments.exclude(code="").values_list("code", flat=True))
        for copy in cart.checkouts.filter(status=Checkout.Status.OPEN, lines__variant__in=bought).distinct():
            abandon(copy)  # begun in another window, from the cart as it was
