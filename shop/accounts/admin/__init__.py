from shop.accounts.admin import groups, people, sellers

__all__ = ["groups", "people", "sellers"]
