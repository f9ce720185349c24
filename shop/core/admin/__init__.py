from shop.core.admin import deliveries, messages, notices, pages, shop, wordings

__all__ = ["deliveries", "messages", "notices", "pages", "shop", "wordings"]
