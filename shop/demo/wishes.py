"""What the demo's shopper has saved: a list for herself with a price that fell, and one for others, shared."""

from django.db import transaction

from cart import wishing
from cart.models import Cart, Wishlist, WishlistEntry
from catalog.models import Variant
from shop.demo import people

OWN = ["quiet-ridge", "contour-mug", "terrazzo-notebook"]
GIFTS = ["five-fold-notebook", "nine-waves-mug"]


@transaction.atomic
def load() -> dict[str, int]:
    """{what: how many there are now}; a list that she has changed since stays as it is."""
    cart, _made = Cart.objects.get_or_create(user=people.shopper())
    if not cart.wishlists.filter(kind=Wishlist.Kind.LIST).exists():
        _fill(cart, wishing.first_list(cart), OWN)
        _make_dearer_then(cart.wishlists.get(name=""))
        gifts = wishing.make_list(cart, name="Gifts")
        _fill(cart, gifts, GIFTS)
        wishing.share(gifts)
    return {"wishes": WishlistEntry.objects.filter(wishlist__cart=cart).count()}


def _fill(cart: Cart, wishlist: Wishlist, slugs: list[str]) -> None:
    for slug in slugs:
        if (
            variant := Variant.objects.on_sale_now()
            .filter(product__slug=slug)
            .order_by("position", "pk")
            .first()
        ):
            wishing.wish(cart, variant=variant, wishlist=wishlist)


def _make_dearer_then(wishlist: Wishlist) -> None:
    """The first thing cost more when she saved it, and the last was sold out."""
    first, last = wishlist.entries.order_by("pk").first(), wishlist.entries.order_by("pk").last()
    if first and first.seen_minor:
        WishlistEntry.objects.filter(pk=first.pk).update(seen_minor=first.seen_minor + 500)
    if last and last != first:
        WishlistEntry.objects.filter(pk=last.pk).update(was_available=False)
