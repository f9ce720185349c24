"""Integrity of carts."""

from shop.core.integrity import check, rows


@check(
    "N22-cart-price", "a cart's lines carry a price that somebody can have seen, in a currency of the shop"
)
def lines_make_sense():
    broken = rows(
        """SELECT l.id, l.cart_id FROM cart_cartline l JOIN cart_cart c ON c.id = l.cart_id
           LEFT JOIN core_shop s ON s.id = 1
           WHERE l.seen_minor < 0
              OR NOT c.currency = ANY (coalesce(s.other_currencies, '{}') || coalesce(s.currency, 'EUR'))"""
    )
    yield from (f"line {line} of cart {cart} has a price that cannot be" for line, cart in broken)
