from cart.models.cart import Cart, CartLine

__all__ = ["Cart", "CartLine"]
