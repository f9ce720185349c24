from checkout.admin import checkouts, shipping, tax

__all__ = ["checkouts", "shipping", "tax"]
