from cart.admin import carts

__all__ = ["carts"]
