"""Carts, filled by the real operations."""

from collections.abc import Mapping

from cart.adding import add_line
from cart.models import Cart, Coupon, Promotion
from cart.models.promotion import NAMED
from catalog.models import Variant
from catalog.tests.factories import make_variant


def make_cart(lines: Mapping[Variant, int] | None = None, *, user=None) -> Cart:
    """A cart with {variant: quantity}; by default two pieces of something of which there are ten."""
    cart = Cart.objects.create(user=user)
    for variant, quantity in ({make_variant(stock=10): 2} if lines is None else lines).items():
        add_line(cart, variant=variant, quantity=quantity)
    return cart


def make_promotion(kind: str = "percent", *, codes: Mapping[str, Mapping] | None = None, **over) -> Promotion:
    """Ten per cent off everything unless told otherwise. `codes` is {code: fields of the coupon}; with codes it needs one.

    Goods, groups and gifts go in as lists of rows.
    """
    many = {name: over.pop(name) for name in NAMED if name in over}
    wanted = {"name": "Autumn sale", "kind": kind, "currency": "EUR", "needs_code": codes is not None}
    wanted |= {"percent": 10} if kind in ("percent", "buy_get") else {}
    made = Promotion.objects.create(**(wanted | over))
    for name, rows in many.items():
        getattr(made, name).set(rows)
    for code, fields in (codes or {}).items():
        Coupon.objects.create(promotion=made, code=code, **fields)
    return made
