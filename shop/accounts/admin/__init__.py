from shop.accounts.admin import companies, groups, people, sellers

__all__ = ["companies", "groups", "people", "sellers"]
