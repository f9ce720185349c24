from cart.admin import carts, gifts

__all__ = ["carts", "gifts"]
