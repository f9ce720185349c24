from cart.admin import carts, coupons, gifts, promotions

__all__ = ["carts", "coupons", "gifts", "promotions"]
