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


@check(
    "N15-coupons", "a coupon's uses are its live redemptions, within its limits in all and for each customer"
)
def coupons_are_counted():
    broken = rows(
        """SELECT c.code, c.used, count(r.id) FROM cart_coupon c
           LEFT JOIN cart_couponredemption r ON r.coupon_id = c.id AND r.released_at IS NULL
           GROUP BY c.id HAVING c.used <> count(r.id) OR c.used > c.most"""
    )
    yield from (f"coupon {code} says {used} uses, there are {live}" for code, used, live in broken)
    often = rows(
        """SELECT c.code, count(*) FROM cart_coupon c JOIN cart_couponredemption r
           ON r.coupon_id = c.id AND r.released_at IS NULL AND r.number IS NOT NULL
           GROUP BY c.id, r.customer HAVING count(*) > c.most_each"""
    )
    yield from (f"coupon {code} was used {n} times by one customer" for code, n in often)
