"""All products as a table, written piece by piece: in our own columns, in Shopify's or in WooCommerce's.

Our own loses nothing: exported, imported into an empty shop and exported again, it is the same file to the byte.
"""

from collections.abc import Callable, Iterable, Iterator

from catalog.exporting import shopify, till, woocommerce
from catalog.exporting.reading import Sheet, sheets
from catalog.models import Product
from shop.core import csvio

Table = Callable[[Iterable[Sheet]], Iterator[list]]
TABLES: dict[str, Table] = {"till": till.table, "shopify": shopify.table, "woocommerce": woocommerce.table}


def export(format: str = "till", *, seller: int | None = None) -> Iterator[bytes]:
    """The file, in pieces; drafts and retired products too. Of one seller's products alone for its staff."""
    products = Product.objects.order_by("pk")
    mine = products if seller is None else products.filter(seller=seller)
    return csvio.written(TABLES[format](sheets(mine)))
