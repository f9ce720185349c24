from cart.models.alert import StockAlert
from cart.models.cart import Cart, CartLine
from cart.models.coupon import Coupon, CouponBatch, CouponRedemption
from cart.models.gift import GiftOption
from cart.models.promotion import Promotion
from cart.models.wishlist import Wishlist, WishlistEntry

__all__ = [
    "Cart",
    "CartLine",
    "Coupon",
    "CouponBatch",
    "CouponRedemption",
    "GiftOption",
    "Promotion",
    "StockAlert",
    "Wishlist",
    "WishlistEntry",
]
