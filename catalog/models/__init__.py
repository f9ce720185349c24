from catalog.models.attribute import Attribute, AttributeChoice, ProductAttribute
from catalog.models.bulk_edit import BulkEdit, BulkEditItem
from catalog.models.bundle import BundlePart
from catalog.models.category import Category
from catalog.models.collection import Collection, CollectionItem
from catalog.models.custom_field import CustomField
from catalog.models.digital import DigitalFile, FileVersion
from catalog.models.document import ProductDocument
from catalog.models.feed import Feed
from catalog.models.gift_card import GiftCardTerms
from catalog.models.hero import Hero
from catalog.models.importing import ImportItem, ImportRun
from catalog.models.media import Photo, PhotoImport
from catalog.models.moved import OldSlug
from catalog.models.price import ListPrice, PriceList, PublicPrice
from catalog.models.product import Product
from catalog.models.profile import Looked, Profile, Searched
from catalog.models.question import Question
from catalog.models.recommendation import Recommendation, Sale, Veto
from catalog.models.related import Related
from catalog.models.review import HelpfulVote, Review, ReviewInvitation
from catalog.models.search import ProductSearch, SearchTerm
from catalog.models.searched import SearchedTerm
from catalog.models.stock import Movement, Reservation, StockItem, StockLocation
from catalog.models.synonym import Synonym
from catalog.models.type import ProductType
from catalog.models.variant import Option, OptionValue, Variant

__all__ = [
    "Attribute",
    "AttributeChoice",
    "BulkEdit",
    "BulkEditItem",
    "BundlePart",
    "Category",
    "Collection",
    "CollectionItem",
    "CustomField",
    "DigitalFile",
    "Feed",
    "FileVersion",
    "GiftCardTerms",
    "HelpfulVote",
    "Hero",
    "ImportItem",
    "ImportRun",
    "ListPrice",
    "Looked",
    "Movement",
    "OldSlug",
    "Option",
    "OptionValue",
    "Photo",
    "PhotoImport",
    "PriceList",
    "Product",
    "ProductAttribute",
    "ProductDocument",
    "ProductSearch",
    "ProductType",
    "Profile",
    "PublicPrice",
    "Question",
    "Recommendation",
    "Related",
    "Reservation",
    "Review",
    "ReviewInvitation",
    "Sale",
    "SearchTerm",
    "Searched",
    "SearchedTerm",
    "StockItem",
    "StockLocation",
    "Synonym",
    "Variant",
    "Veto",
]
