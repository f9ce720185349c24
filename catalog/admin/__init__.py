from catalog.admin import attributes, categories, home, prices, products, stock, voices

__all__ = ["attributes", "categories", "home", "prices", "products", "stock", "voices"]
