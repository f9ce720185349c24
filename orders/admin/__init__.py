from orders.admin import lines, money, orders, purses, transfers

__all__ = ["lines", "money", "orders", "purses", "transfers"]
