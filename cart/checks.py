"""Integrity of carts."""

from shop.core.integrity import check, rows


@check(
    "N22-cart-price", "a cart's lines carry a price that somebody can have seen, in the cart's own currency"
)
def lines_make_sense():
    broken = rows(
        """SELECT l.id, l.cart_id FROM cart_cartline l JOIN cart_cart c ON c.id = l.cart_id
           JOIN catalog_variant v ON v.id = l.variant_id
           WHERE l.seen_minor < 0 OR v.currency <> c.currency"""
    )
    yield from (f"line {line} of cart {cart} has a price that cannot be" for line, cart in broken)
