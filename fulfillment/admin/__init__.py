from fulfillment.admin import downloads, returns, shipments, work

__all__ = ["downloads", "returns", "shipments", "work"]
