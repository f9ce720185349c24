"""Guest sellers for tests: each with its one member of staff, a place, and a product."""

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.finding import refreshing
from catalog.importing.uploading import upload
from catalog.models import DigitalFile, Product, Question, Review, StockItem
from catalog.tests.factories import (
    make_location,
    make_product,
    make_variant,
)
from fulfillment.models import DownloadGrant, FulfillmentOrder, Return
from orders.models import OrderLine
from shop.accounts import roles
from shop.accounts.models import Seller, User
from shop.tests.people import PASSWORD
from shop.tests.walk import make_order


def make_seller(name="Halm", **over) -> Seller:
    said = {"name": name, "slug": name.lower(), "imprint": f"{name} KG, Graz", "email": f"{name}@example.com"}
    return Seller.objects.create(**(said | over))


def make_clerk(seller: Seller) -> User:
    """The seller's one member of staff."""
    roles.set_up()
    person = User.objects.create_user(
        f"{seller.slug}@staff.example.com", PASSWORD, seller=seller
    ).vouch_for_email()
    roles.give(person, role=roles.SELLER)
    return person


class Side:
    """A seller with one of everything."""

    def __init__(self, name: str) -> None:
        self.seller = make_seller(name)
        self.clerk = make_clerk(self.seller)
        self.place = make_location(name.lower(), seller=self.seller)
        self.product = make_product(f"{name} book", seller=self.seller)
        self.variant = make_variant(product=self.product, stock=20, location=self.place, sku=f"{name}-1")
        refreshing.refresh([self.product.pk])

    def rows(self) -> dict[str, object]:
        """{screen: a row of this seller}."""
        order = make_order(at="return_asked", lines={self.variant: 2})
        work = FulfillmentOrder.objects.get(order=order)
        bought = OrderLine.objects.get(order=order)
        return {
            "accounts.seller": self.seller,
            "catalog.product": self.product,
            "catalog.stockitem": StockItem.objects.get(variant=self.variant),
            "catalog.stocklocation": self.place,
            "catalog.review": Review.objects.create(product=self.product, stars=4, author="Ada"),
            "catalog.question": Question.objects.create(
                product=self.product, text="Is it ruled?", asked_by="Ada"
            ),
            "catalog.importrun": upload(file_of(self.product), by=self.clerk),
            "catalog.bulkedit": apps.get_model("catalog.BulkEdit").objects.create(seller=self.seller),
            "orders.orderline": bought,
            "catalog.digitalfile": DigitalFile.objects.create(product=self.product, title="Pattern"),
            "fulfillment.downloadgrant": DownloadGrant.objects.create(order_line=bought, most=3),
            "fulfillment.fulfillmentorder": work,
            "fulfillment.shipment": work.shipments.first(),
            "fulfillment.return": Return.objects.get(order=order),
        }


def file_of(product: Product, *, sku: str = "NEW-1", slug: str = "") -> SimpleUploadedFile:
    table = f"slug,name,sku,price\n{slug or product.slug},{product.name} anew,{sku},12.00\n"
    return SimpleUploadedFile("products.csv", table.encode())
