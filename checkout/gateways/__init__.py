from checkout.gateways.registry import gateway_named, in_words, offered

__all__ = ["gateway_named", "in_words", "offered"]
