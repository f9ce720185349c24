from orders.admin import lines, money, orders

__all__ = ["lines", "money", "orders"]
