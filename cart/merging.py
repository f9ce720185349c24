"""Signing in with a cart in hand: the guest's cart and the account's become one.

The guest's cart, which is the one in use, goes on under a new name, its checkout with it; what lay in the account's own
cart comes along. Of the same thing the larger quantity stays, not the sum: whoever filled the same cart twice means it
once. The currency is the guest's; what comes along is priced in it. Nothing is lost: lines beyond what a cart holds are
saved for later, and of wishlists with the same name the account's stays, with the entries of both. Doing it again changes
nothing, and the cookie's token is dead afterwards.
"""

from django.db import transaction
from django.db.models.functions import Now

from cart import setting_aside
from cart.models import Cart, CartLine, Wishlist
from catalog.models import Variant
from catalog.pricing import known_prices
from catalog.products.customizing import price_with
from catalog.products.quantities import nearest
from shop.core import tokens
from shop.core.faultpoints import faultpoint
from shop.core.locks import lock


@transaction.atomic
def merge(guest: Cart, *, into) -> Cart:
    """The guest's cart becomes that of the person `into`, with what lay in theirs."""
    carts = {
        cart.pk: cart for cart in lock(Cart.objects.filter(pk=guest.pk) | Cart.objects.filter(user=into))
    }
    kept = carts.pop(guest.pk, None)
    own = next(iter(carts.values()), None)
    if kept is None or kept.user_id is not None:  # another request has done it
        return Cart.objects.get_or_create(user=into)[0]
    if own is not None:
        _bring_lines(own, kept)
        _bring_lists(own, kept)
        _bring_words(own, kept)
        _bring_codes(own, kept)
        faultpoint("cart.merge")
        own.delete()
    Cart.objects.filter(pk=kept.pk).update(user=into, token=tokens.secret_token(), updated_at=Now())
    return Cart.objects.get(pk=kept.pk)


def _bring_lines(own: Cart, kept: Cart) -> None:
    here = {(line.variant_id, line.custom_key): line for line in kept.lines.all()}
    room = Cart.MOST_LINES - len(here)
    for line in _priced_alike(own, kept):
        same = here.get((line.variant_id, line.custom_key))
        if same is not None:
            larger = nearest(line.variant, max(line.quantity, same.quantity))
            CartLine.objects.filter(pk=same.pk).update(quantity=larger)
        elif room > 0:
            room -= 1
            line.cart, line.quantity = kept, nearest(line.variant, line.quantity)
            line.save(update_fields=["cart", "quantity", "seen_minor"])
        else:
            setting_aside.save_for_later(line)


def _priced_alike(own: Cart, kept: Cart) -> list[CartLine]:
    """The account's lines; what was seen in another currency counts as seen at today's price in the kept one."""
    lines = list(own.lines.select_related("variant__product", "cart"))
    if own.currency == kept.currency:
        return lines
    variants: list[Variant] = [line.variant for line in lines]
    wanted = {line.variant_id: line.quantity for line in lines}
    prices = known_prices(variants, customer=own.user_id, quantity=wanted, currency=kept.currency)
    for line in lines:
        if line.variant_id in prices:
            line.seen_minor = price_with(prices[line.variant_id].amount.minor, line.custom)
    return lines


def _bring_lists(own: Cart, kept: Cart) -> None:
    """The account's lists stay, for their links may be in others' hands; the guest's of the same name goes into them."""
    guests = {(one.kind, one.name): one for one in kept.wishlists.all()}
    for mine in own.wishlists.all():
        if (theirs := guests.get((mine.kind, mine.name))) is not None:
            _pour(theirs, mine)
        Wishlist.objects.filter(pk=mine.pk).update(cart=kept)


def _pour(guests: Wishlist, mine: Wishlist) -> None:
    there = {(entry.variant_id, entry.custom_key): entry for entry in mine.entries.all()}
    for entry in guests.entries.all():
        same = there.get((entry.variant_id, entry.custom_key))
        if same is None:
            entry.wishlist = mine
            entry.save(update_fields=["wishlist"])
        elif entry.quantity > same.quantity:
            same.quantity = entry.quantity
            same.save(update_fields=["quantity"])
    token = guests.share_token
    guests.delete()
    if token and not mine.share_token:
        Wishlist.objects.filter(pk=mine.pk).update(share_token=token)


def _bring_codes(own: Cart, kept: Cart) -> None:
    codes = list(dict.fromkeys([*kept.codes, *own.codes]))[: Cart.MOST_CODES]
    Cart.objects.filter(pk=kept.pk).update(codes=codes)


def _bring_words(own: Cart, kept: Cart) -> None:
    """What the guest said about gift and note holds; where he said nothing, what the account's owner had said."""
    taken = [
        name
        for name in ("wrap_id", "greeting_card_id", "gift_message", "order_note")
        if getattr(own, name) and not getattr(kept, name)
    ]
    for name in taken:
        setattr(kept, name, getattr(own, name))
    kept.save(update_fields=[name.removesuffix("_id") for name in taken])
