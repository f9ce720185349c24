from catalog.models.attribute import Attribute, ProductAttribute
from catalog.models.category import Category
from catalog.models.hero import Hero
from catalog.models.media import Photo
from catalog.models.product import Product
from catalog.models.question import Question
from catalog.models.related import Related
from catalog.models.review import Review
from catalog.models.search import ProductSearch, SearchTerm
from catalog.models.stock import Movement, Reservation, StockItem, StockLocation
from catalog.models.variant import Option, OptionValue, Variant

__all__ = [
    "Attribute",
    "Category",
    "Hero",
    "Movement",
    "Option",
    "OptionValue",
    "Photo",
    "Product",
    "ProductAttribute",
    "ProductSearch",
    "Question",
    "Related",
    "Reservation",
    "Review",
    "SearchTerm",
    "StockItem",
    "StockLocation",
    "Variant",
]
