from orders.admin import money, orders

__all__ = ["money", "orders"]
