from cart.models.cart import Cart, CartLine
from cart.models.coupon import Coupon, CouponBatch, CouponRedemption
from cart.models.gift import GiftOption
from cart.models.promotion import Promotion

__all__ = ["Cart", "CartLine", "Coupon", "CouponBatch", "CouponRedemption", "GiftOption", "Promotion"]
