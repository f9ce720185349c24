from catalog.admin import attributes, categories, feeds, home, importing, prices, products, stock, voices

__all__ = [
    "attributes",
    "categories",
    "feeds",
    "home",
    "importing",
    "prices",
    "products",
    "stock",
    "voices",
]
