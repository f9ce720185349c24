from cart.models.cart import Cart, CartLine
from cart.models.gift import GiftOption

__all__ = ["Cart", "CartLine", "GiftOption"]
