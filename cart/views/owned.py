"""The visitor's own lists and what stands on them; ids of others are unknown."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from cart.finding import cart_of
from cart.models import Cart, CartLine, Wishlist, WishlistEntry

MOST_ID = 10**12


def own_cart(request) -> Cart:
    cart = cart_of(request)
    if cart is None:
        raise Http404
    return cart


def own_line(request, pk: int) -> CartLine:
    lines = own_cart(request).lines.select_related("variant__product", "cart")
    return get_object_or_404(lines, pk=known_id(pk))


def own_list(request, pk: int) -> Wishlist:
    lists = own_cart(request).wishlists.filter(kind=Wishlist.Kind.LIST).select_related("cart")
    return get_object_or_404(lists, pk=known_id(pk))


def own_entry(request, pk: int) -> WishlistEntry:
    entries = WishlistEntry.objects.filter(wishlist__cart=own_cart(request))
    entries = entries.select_related("wishlist__cart", "variant__product")
    return get_object_or_404(entries, pk=known_id(pk))


def known_id(pk: int) -> int:
    if pk > MOST_ID:
        raise Http404
    return pk
