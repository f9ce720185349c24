from catalog.admin import (
    attributes,
    categories,
    collections,
    feeds,
    home,
    importing,
    prices,
    products,
    recommending,
    searches,
    stock,
    voices,
)

__all__ = [
    "attributes",
    "categories",
    "collections",
    "feeds",
    "home",
    "importing",
    "prices",
    "products",
    "recommending",
    "searches",
    "stock",
    "voices",
]
