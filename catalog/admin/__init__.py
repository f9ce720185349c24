from catalog.admin import (
)

__all__ = [
]

__all__ = [
    "attributes",
    "categories",
from catalog.admin import (
    collections,
    feeds,
    home,
    importing,
    prices,
    products,
    searches,
)

__all__ = [
    "collections",
    "feeds",
    "home",
    "importing",
    "prices",
    "products",
    "searches",
]
    "stock",
    "voices",
]
