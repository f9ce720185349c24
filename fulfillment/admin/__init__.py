from fulfillment.admin import returns, shipments, work

__all__ = ["returns", "shipments", "work"]
