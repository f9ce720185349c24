from shop.accounts.admin import people

__all__ = ["people"]
