from shop.accounts.admin import groups, people

__all__ = ["groups", "people"]
