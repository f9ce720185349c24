from checkout.gateways.registry import gateway_named, offered

__all__ = ["gateway_named", "offered"]
