from orders.admin import lines, money, orders, transfers

__all__ = ["lines", "money", "orders", "transfers"]
