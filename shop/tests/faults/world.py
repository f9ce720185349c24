"""A small world in which everything that has an address exists once: Ada's cart, orders, return, ticket, addresses."""

from dataclasses import dataclass

from django.conf import settings

from cart import adding, telling, wishing
from cart.models import Cart, StockAlert
from catalog.models import Category, Collection, DigitalFile, Product, Review
from catalog.tests.factories import make_category, make_product, make_variant
from checkout.card_links import token_for
from checkout.models import SavedCard
from checkout.tests.factories import make_card
from fulfillment.models import DownloadGrant, GrantedFile
from orders.models import Document, Order
from shop.accounts import address_book
from shop.accounts.models import Seller
from shop.core.models import Page, Shop
from shop.tests.people import ada, eve, grace
from shop.tests.walk import fresh, make_order
from support.tests.factories import make_faq, make_ticket

SECRET = "Canary Lane 7"  # only Ada's own pages may ever show it


@dataclass
class World:
    order: Order
    category: Category
    product: Product
    values: dict[str, dict[str, object]]

    def path(self, pattern: str, **over: object) -> str:
        """The pattern with ids that exist."""
        path = pattern
        for name, value in (self._values(pattern) | over).items():
            path = path.replace(f"<{name}>", str(value))
        return f"/{path}"

    def _values(self, pattern: str) -> dict[str, object]:
        found: dict[str, object] = {}
        for beginning, values in self.values.items():
            if pattern.startswith(beginning):
                found |= values
        return found


def build() -> World:
    person, _stranger, _owner = ada(), eve(), grace()
    make_category("Nothing in it yet")
    category = make_category("Mugs")
    product = make_product("Contour mug", categories=[category])
    variant = make_variant(stock=20, product=product)
    collection = Collection.objects.create(name="Gifts", slug="gifts")
    guest = Seller.objects.create(name="Guest", slug="guest", imprint="Guest KG", email="guest@example.com")
    review = Review.objects.create(product=product, stars=5, author="Ada", status=Review.Status.PUBLISHED)
    order = make_order(
        at="return_asked", lines={variant: 2}, user=person, email=person.email, address={"street": SECRET}
    )
    address = address_book.keep(
        person,
        address={"name": "Ada", "street": SECRET, "postcode": "1010", "city": "Wien", "country": "AT"},
    )
    card = SavedCard.objects.create(
        user=person, provider_ref="pm_1", brand="Visa", last4="4242", exp_month=12, exp_year=2034
    )
    gift_card, code = make_card()
    cart = Cart.objects.get_or_create(user=person)[0]
    line = adding.add_line(cart, variant=variant, quantity=1)
    wish = wishing.wish(cart, variant=variant)
    shared = wishing.share(wish.wishlist)
    waiting = StockAlert.objects.create(variant=variant, email=person.email)
    ticket = make_ticket(person.email, text=f"It never came to {SECRET}.")
    make_faq()
    Shop.objects.get_or_create(pk=1)
    Page.objects.get_or_create(
        slug="terms", defaults={"title": "Terms", "body": "<p>Fair.</p>", "version": 3}
    )
    order = fresh(order)
    grant = DownloadGrant.objects.create(order_line=order.lines.first(), most=5)
    file = DigitalFile.objects.create(product=product, title="Drawings")
    granted = GrantedFile.objects.create(grant=grant, file=file)
    (settings.MEDIA_ROOT / "fault.txt").parent.mkdir(parents=True, exist_ok=True)
    (settings.MEDIA_ROOT / "fault.txt").write_text("a photograph")
    return World(
        order,
        category,
        product,
        {
            "": {"slug": "terms"},
            "c/": {"slug": category.slug},
            "products/": {"slug": product.slug, "pk": review.pk},
            "collections/": {"slug": collection.slug},
            "sellers/": {"slug": guest.slug},
            "feeds/": {"name": "google", "ending": "xml"},
            "sitemaps/": {"name": "products"},
            "media/": {"path": "fault.txt"},
            "cart/lines/": {"pk": line.pk},
            "checkout/gift-cards/": {"pk": gift_card.pk},
            "gift-cards/": {"token": token_for(code)},
            "wishlists/": {"pk": wish.wishlist_id, "token": shared},
            "wishlists/entries/": {"pk": wish.pk},
            "alerts/": {"pk": variant.pk, "token": waiting.token},
            "alerts/wishlists/": {"token": telling.stop_token(wish.wishlist)},
            "account/addresses/": {"pk": address.pk},
            "account/cards/": {"pk": card.pk},
            "orders/": {
                "number": order.number,
                "kind": Document.objects.filter(order=order).first().kind,
                "rma": order.returns.get().number,
                "pk": granted.pk,
            },
            "o/": {"token": order.token},
            "downloads/": {"sign": "made-up"},
            "tickets/": {"token": ticket.token},
            "account/confirm-email/": {"key": "made-up"},
            "account/password/": {"uidb36": "1", "key": "made-up"},
            "styleguide/": {"name": "home"},
            "styleguide/pictures/": {"name": "none.webp"},
            "dev/mail/": {"key": 1, "number": 1},
        },
    )
