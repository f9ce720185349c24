"""Carts, filled by the real operations."""

from collections.abc import Mapping

from cart.adding import add_line
from cart.models import Cart
from catalog.models import Variant
from catalog.tests.factories import make_variant


def make_cart(lines: Mapping[Variant, int] | None = None, *, user=None) -> Cart:
    """A cart with {variant: quantity}; by default two pieces of something of which there are ten."""
    cart = Cart.objects.create(user=user)
    for variant, quantity in ({make_variant(stock=10): 2} if lines is None else lines).items():
        add_line(cart, variant=variant, quantity=quantity)
    return cart
