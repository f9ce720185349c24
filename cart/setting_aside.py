"""Save for later: a line leaves the cart with its quantity and answers, and comes back the same way, by one press.

Into the cart everything goes through cart/adding.py, so it is checked, counted and priced as if it were added now: what
cannot be had stays where it is. Things on a wishlist stay there when they are put into the cart.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from cart import adding, wishing
from cart.models import Cart, CartLine, Wishlist, WishlistEntry
from catalog.models import Variant
from catalog.products.customizing import Answers, NotAnswered, as_given
from catalog.products.quantities import nearest
from shop.core.errors import Refused


class Gone(Refused):
    """It was taken off the list meanwhile, in another window."""


@dataclass
class Moved:
    """What became of several things: the cart's lines, and the words for those that stayed behind."""

    lines: list[CartLine] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


@transaction.atomic
def save_for_later(line: CartLine) -> WishlistEntry:
    """Out of the cart, on the list below it. Raises adding.NotInCart, wishing.TooManyWishes."""
    cart = wishing.touched(line.cart)
    line = adding.own_line(cart, line.pk)
    later = wishing.later_list(cart)
    same = later.entries.filter(variant=line.variant_id, custom_key=line.custom_key).first()
    if same is None:
        wishing.check_room(later)
        same = WishlistEntry(
            wishlist=later,
            variant_id=line.variant_id,
            custom=line.custom,
            custom_key=line.custom_key,
            quantity=0,
        )
    same.quantity = min(CartLine.MOST, same.quantity + line.quantity)
    same.seen_minor, same.currency = line.seen_minor, cart.currency
    same.save()
    line.delete()
    return same


@transaction.atomic
def into_cart(entry: WishlistEntry) -> CartLine:
    """What was saved for later leaves its list, what is on a wishlist stays on it. Raises Gone, and what adding.add_line
    raises."""
    cart = wishing.touched(entry.wishlist.cart)
    found = WishlistEntry.objects.select_related("variant__product", "wishlist").filter(pk=entry.pk).first()
    if found is None:
        raise Gone(_("That is no longer on your list."))
    line = add_again(cart, found.variant, found.quantity, found.custom)
    if found.wishlist.kind == Wishlist.Kind.LATER:
        found.delete()
    return line


@transaction.atomic
def all_into_cart(wishlist: Wishlist) -> Moved:
    """Everything on it that can be had, one of each at least; the rest stays, and is told of."""
    wishing.touched(wishlist.cart)
    moved = Moved()
    for entry in wishlist.entries.order_by("created_at", "pk").select_related("variant__product"):
        try:
            moved.lines.append(into_cart(entry))
        except NotAnswered:
            text = _("%(name)s: it is made to your wishes, so add it from its page.")
            moved.refusals.append(text % {"name": entry.variant.full_name})
        except Refused as refusal:
            moved.refusals.append(refusal.message)
    return moved


def add_again(cart: Cart, variant: Variant, quantity: int, answers: Answers) -> CartLine:
    """The same as before, checked as if it were new; of a quantity that is no longer sold the nearest that is."""
    return adding.add_line(
        cart, variant=variant, quantity=nearest(variant, quantity), given=as_given(answers)
    )
