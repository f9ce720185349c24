"""Wishlists: what somebody likes and does not buy yet. They belong to the visitor's cart, so guests have them as well, and
they come along when the carts are merged at sign-in.

A thing stands on a list once. Lists are private until their owner shares one; the link then shows names and prices to
whoever has it, never the owner's own words, and dies when the owner takes it back. All of it happens under the cart's lock.
"""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from cart.models import Cart, Wishlist, WishlistEntry
from catalog.browsing import line_cards
from catalog.models import Variant
from shop.core import tokens
from shop.core.errors import Refused
from shop.core.locks import lock

Kind = Wishlist.Kind


class TooManyWishes(Refused):
    """Wishlist.MOST lists, or Wishlist.MOST_ENTRIES things on one."""


class NameTaken(Refused):
    """There is a list of that name, or it has none."""


class NotOnSale(Refused):
    """Nothing that anybody could buy."""


@transaction.atomic
def wish(cart: Cart, *, variant: Variant, wishlist: Wishlist | None = None) -> WishlistEntry:
    """Put it on that list, or on the first; once. Raises NotOnSale, TooManyWishes."""
    cart = touched(cart)
    if not Variant.objects.on_sale_now().filter(pk=variant.pk).exists():
        raise NotOnSale(_("%(name)s is no longer on sale.") % {"name": variant.full_name})
    kept = wishlist or first_list(cart)
    if entry := kept.entries.filter(variant=variant, custom_key="").first():
        return entry
    check_room(kept)
    card = line_cards({variant.pk: 1}, customer=cart.user_id, currency=cart.currency)[variant.pk]
    return kept.entries.create(
        variant=variant,
        currency=cart.currency,
        seen_minor=card.price_minor if card.is_priced else None,
        was_available=card.available > 0,
    )


@transaction.atomic
def unwish(cart: Cart, *, variant: Variant) -> int:
    """Off all wishlists; what is saved for later stays. Returns from how many."""
    cart = touched(cart)
    on_lists = WishlistEntry.objects.filter(wishlist__cart=cart, wishlist__kind=Kind.LIST, variant=variant)
    return on_lists.delete()[0]


@transaction.atomic
def drop(entry: WishlistEntry) -> None:
    touched(entry.wishlist.cart)
    WishlistEntry.objects.filter(pk=entry.pk).delete()


@transaction.atomic
def move(entry: WishlistEntry, *, to: Wishlist) -> None:
    """To another list of the same cart; where it stands already, it stands once. Raises TooManyWishes."""
    touched(entry.wishlist.cart)
    if to.pk == entry.wishlist_id:
        return
    if to.entries.filter(variant=entry.variant_id, custom_key=entry.custom_key).exists():
        entry.delete()
        return
    check_room(to)
    WishlistEntry.objects.filter(pk=entry.pk).update(wishlist=to)


@transaction.atomic
def make_list(cart: Cart, *, name: str) -> Wishlist:
    """Raises NameTaken, TooManyWishes."""
    cart = touched(cart)
    if cart.wishlists.filter(kind=Kind.LIST).count() >= Wishlist.MOST:
        raise TooManyWishes(_("%(count)s lists are the most. Delete one first.") % {"count": Wishlist.MOST})
    return cart.wishlists.create(name=_free_name(cart, name))


@transaction.atomic
def rename(wishlist: Wishlist, *, name: str) -> None:
    """Raises NameTaken."""
    cart = touched(wishlist.cart)
    wishlist.name = _free_name(cart, name, besides=wishlist)
    wishlist.save(update_fields=["name"])


@transaction.atomic
def delete_list(wishlist: Wishlist) -> None:
    touched(wishlist.cart)
    wishlist.delete()


@transaction.atomic
def share(wishlist: Wishlist) -> str:
    """The secret of its link; the same one until it is taken back."""
    touched(wishlist.cart)
    wishlist.refresh_from_db(fields=["share_token"])
    if wishlist.share_token is None:
        wishlist.share_token = tokens.secret_token()
        wishlist.save(update_fields=["share_token"])
    return wishlist.share_token


@transaction.atomic
def keep_private(wishlist: Wishlist) -> None:
    """Links that were given away lead nowhere from now on."""
    touched(wishlist.cart)
    Wishlist.objects.filter(pk=wishlist.pk).update(share_token=None)


def first_list(cart: Cart) -> Wishlist:
    """The list that a heart puts things on: the oldest, made if there is none. The cart is locked."""
    return cart.wishlists.filter(kind=Kind.LIST).first() or cart.wishlists.create()


def later_list(cart: Cart) -> Wishlist:
    """What was set aside. The cart is locked."""
    return cart.wishlists.get_or_create(kind=Kind.LATER)[0]


def wished(cart: Cart | None) -> list[int]:
    """Ids of the variants on the cart's wishlists, for the hearts on pages that are the same for everybody. One query."""
    if cart is None:
        return []
    found = WishlistEntry.objects.filter(wishlist__cart=cart, wishlist__kind=Kind.LIST)
    return list(found.order_by("-pk").values_list("variant_id", flat=True)[: Wishlist.MOST_ENTRIES])


def touched(cart: Cart) -> Cart:
    """Locked, and in use: a guest's cart lives as long as its lists do."""
    cart = lock(Cart.objects.filter(pk=cart.pk)).get()
    Cart.objects.filter(pk=cart.pk).update(updated_at=Now())
    return cart


def check_room(wishlist: Wishlist) -> None:
    if wishlist.entries.count() >= Wishlist.MOST_ENTRIES:
        text = _("%(count)s things are the most on one list.")
        raise TooManyWishes(text % {"count": Wishlist.MOST_ENTRIES})


def _free_name(cart: Cart, name: str, *, besides: Wishlist | None = None) -> str:
    others = [other for other in cart.wishlists.filter(kind=Kind.LIST) if other != besides]
    if name.casefold() in {other.title.casefold() for other in others}:
        raise NameTaken(_("You have a list of this name already."))
    return name
