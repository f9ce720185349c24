from catalog.admin import attributes, categories, home, products, stock, voices

__all__ = ["attributes", "categories", "home", "products", "stock", "voices"]
