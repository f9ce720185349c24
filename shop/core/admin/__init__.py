from shop.core.admin import deliveries, messages, notices, pages, shop

__all__ = ["deliveries", "messages", "notices", "pages", "shop"]
