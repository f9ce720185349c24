"""A guest who sells in the demo shop: a bookbinder with a few notebooks, a place of its own and one person to sign in."""

from catalog.models import StockLocation
from shop.accounts.models import Seller

BINDERY = ("ribbon-notebook", "terrazzo-notebook", "five-fold-notebook")
IMPRINT = "Halm & Faden Buchbinderei (demo)\nInh. Frieda Halm\nBindergasse 3\n8010 Graz\nAustria"


def seller_of(handle: str) -> Seller | None:
    """Who sells the product; None: the shop itself."""
    return bindery() if handle in BINDERY else None


def bindery() -> Seller:
    said = {"name": "Halm & Faden", "imprint": IMPRINT, "email": "bindery@isoline.example"}
    return Seller.objects.get_or_create(slug="halm-und-faden", defaults=said)[0]


def workshop() -> StockLocation:
    """Where its goods lie."""
    address = {
        "name": "Halm & Faden, Graz",
        "street": "Bindergasse 3",
        "postcode": "8010",
        "city": "Graz",
        "country": "AT",
        "phone": "+43 316 5550022",
        "preference": 1,
        "seller": bindery(),
    }
    return StockLocation.objects.get_or_create(code="bindery", defaults=address)[0]
