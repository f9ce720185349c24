"""Putting things into a cart and taking them out.

Nothing is reserved by it: that happens when the checkout starts. A quantity beyond what can be had is lowered to it, and
the line says so (`line.notice`); only when not a single piece more can be had is it refused. A quantity that the variant is
not sold in (catalog/products/quantities.py) is refused too. All of it happens under the
cart's lock, so that two tabs never lose a line. An addition may carry a key: the same key adds once.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cart import gifting
from cart.models import Cart, CartLine
from catalog import stock
from catalog.models import Variant
from catalog.pricing import NoPrice, known_prices, price_for
from catalog.products import quantities
from catalog.products.customizing import Answers, answered, key_of, price_with, surcharge_of
from catalog.products.taking import pieces_of, takes_by_id, whole
from shop.core.errors import Refused
from shop.core.locks import lock


class NotForSale(Refused):
    """Withdrawn, or never offered."""


class SoldOut(Refused):
    """Not one piece more can be had."""


class NotInCart(Refused):
    """Taken out meanwhile, in another window."""


class TooManyLines(Refused):
    """A cart holds Cart.MOST_LINES different things."""


@transaction.atomic
def add_line(
    cart: Cart, *, variant: Variant, quantity: int, key: str = "", given: Mapping[str, Any] | None = None
) -> CartLine:
    """`quantity` (at least 1) pieces more, made as `given` says (catalog/products/customizing.py).

    Raises NotForSale, NotAnswered, SoldOut, TooManyLines, WrongQuantity.
    """
    cart = lock(Cart.objects.filter(pk=cart.pk)).get()
    custom = answered(variant.product, given or {}, currency=cart.currency)
    line = cart.lines.filter(variant=variant, custom_key=key_of(custom)).first()
    if key and key in cart.recent_keys and line:
        return line
    _check_for_sale(variant)
    if line is None:
        _check_room(cart)
        line = CartLine(cart=cart, variant=variant, quantity=0, custom=custom, custom_key=key_of(custom))
    wanted = line.quantity + quantity
    quantities.check(variant, min(wanted, CartLine.MOST), name=variant.full_name)
    granted = quantities.allowed(variant, min(wanted, CartLine.MOST, most_of(cart, line)))
    if granted <= line.quantity:
        raise _refusal(line, granted)
    line.seen_minor = _unit_minor(cart, variant, granted, custom)
    _set(line, granted, wanted)
    _touch(cart, key)
    return line


@transaction.atomic
def change_line(line: CartLine, *, quantity: int) -> CartLine:
    """Exactly `quantity` pieces (at least 1), as far as they can be had.

    Raises NotInCart, NotForSale, SoldOut, WrongQuantity.
    """
    cart = lock(Cart.objects.filter(pk=line.cart_id)).get()
    line = own_line(cart, line.pk)
    _check_for_sale(line.variant)
    quantities.check(line.variant, min(quantity, CartLine.MOST), name=line.variant.full_name)
    granted = quantities.allowed(line.variant, min(quantity, CartLine.MOST, most_of(cart, line)))
    if granted < 1:
        raise _refusal(line, 0)
    line.seen_minor = _unit_minor(cart, line.variant, granted, line.custom)
    _set(line, granted, quantity)
    _touch(cart)
    return line


@transaction.atomic
def remove_line(line: CartLine) -> None:
    """Take it out, remembering it for the way back. Once: a second press changes nothing."""
    cart = lock(Cart.objects.filter(pk=line.cart_id)).get()
    _take_out(cart, list(cart.lines.filter(pk=line.pk)))


@transaction.atomic
def clear(cart: Cart) -> int:
    """Take everything out; returns how many lines there were."""
    cart = lock(Cart.objects.filter(pk=cart.pk)).get()
    lines = list(cart.lines.all())
    _take_out(cart, lines)
    return len(lines)


@transaction.atomic
def change_currency(cart: Cart, *, currency: str) -> list[CartLine]:
    """Everything in it is priced in `currency` from now on; returns the lines that are not sold in it, which stay."""
    cart = lock(Cart.objects.filter(pk=cart.pk)).get()
    lines = list(cart.lines.select_related("variant__product"))
    quantities = {line.variant_id: line.quantity for line in lines}
    variants = [line.variant for line in lines]
    prices = known_prices(variants, customer=cart.user_id, quantity=quantities, currency=currency)
    for line in lines:
        if line.variant_id in prices:
            line.seen_minor = price_with(prices[line.variant_id].amount.minor, line.custom)
    CartLine.objects.bulk_update(lines, ["seen_minor"])
    gifting.carry_over(cart, currency=currency)
    cart.currency = currency
    cart.save(update_fields=["currency", "wrap", "greeting_card", "updated_at"])
    return [
        line
        for line in lines
        if line.variant_id not in prices or (surcharge_of(line.custom) and line.variant.currency != currency)
    ]


@transaction.atomic
def take_out(cart: Cart, *, bought: Mapping[tuple[int, str], int]) -> None:
    """Take {(variant id, key of the answers): pieces} out: they were bought. What was put in meanwhile stays."""
    cart = lock(Cart.objects.filter(pk=cart.pk)).get()
    for line in cart.lines.filter(variant__in={variant for variant, _key in bought}):
        left = line.quantity - bought.get((line.variant_id, line.custom_key), 0)
        if left > 0:
            cart.lines.filter(pk=line.pk).update(quantity=left)
        else:
            line.delete()
    cart.holder = ""
    gifting.unwrap(cart)
    _touch(cart)


def note_reserved(cart: Cart, *, holder: str) -> None:
    """The checkout tells under which name it has reserved this cart's goods, so that they still count as available."""
    Cart.objects.filter(pk=cart.pk).update(holder=holder)
    cart.holder = holder


def note_seen(cart: Cart, *, prices: Mapping[int, int]) -> None:
    """The customer has seen these unit prices {line id: minor}: they no longer count as changed."""
    for line in cart.lines.filter(pk__in=prices):
        if line.seen_minor != prices[line.pk]:
            CartLine.objects.filter(pk=line.pk).update(seen_minor=prices[line.pk])


def own_line(cart: Cart, pk: int) -> CartLine:
    """The cart's line with its variant. Raises NotInCart."""
    found = cart.lines.select_related("variant__product").filter(pk=pk).first()
    if found is None:
        raise NotInCart(_("That is no longer in your cart."))
    return found


def most_of(cart: Cart, line: CartLine) -> int:
    """How many pieces this line can have: what is free or reserved for the cart, less what its other lines take."""
    others = [other for other in cart.lines.all() if other.pk != line.pk]
    takes = takes_by_id([line.variant_id, *(other.variant_id for other in others)])
    wanted = takes[line.variant_id]
    held = stock.promised(cart.holder) if cart.holder else {}
    taken = pieces_of((takes[other.variant_id], other.quantity) for other in others)
    free = stock.on_shelves(wanted)
    left = {pk: free[pk] + held.get(pk, 0) - taken.get(pk, 0) for pk in wanted}
    return max(0, whole(wanted, left))


def _check_for_sale(variant: Variant) -> None:
    if not Variant.objects.on_sale_now().filter(pk=variant.pk).exists():
        raise NotForSale(_("%(name)s is no longer on sale.") % {"name": variant.full_name})


def _unit_minor(cart: Cart, variant: Variant, quantity: int, answers: Answers) -> int:
    """What one of so many costs the cart's owner. Raises NotForSale where it has no price in the cart's currency."""
    try:
        if surcharge_of(answers) and cart.currency != variant.currency:
            raise NoPrice
        price = price_for(variant, customer=cart.user_id, quantity=quantity, currency=cart.currency)
    except NoPrice as error:
        name = {"name": variant.full_name, "currency": cart.currency}
        raise NotForSale(_("%(name)s is not sold in %(currency)s.") % name) from error
    return price_with(price.amount.minor, answers)


def _check_room(cart: Cart) -> None:
    if cart.lines.count() >= Cart.MOST_LINES:
        raise TooManyLines(
            _("A cart holds %(count)s different things. Take something out first.")
            % {"count": Cart.MOST_LINES}
        )


def _refusal(line: CartLine, most: int) -> SoldOut:
    name, least = line.variant.full_name, line.variant.min_quantity
    if not line.quantity and least > 1:
        text = _("%(name)s is sold from %(count)s pieces on, and we have fewer.")
        return SoldOut(text % {"name": name, "count": least}, most=0)
    if line.quantity and most > 0:
        text = ngettext(
            "All we have of %(name)s is in your cart already: %(count)s piece.",
            "All we have of %(name)s is in your cart already: %(count)s pieces.",
            most,
        )
        return SoldOut(text % {"name": name, "count": most}, most=most)
    return SoldOut(_("%(name)s is sold out.") % {"name": name}, most=0)


def _set(line: CartLine, granted: int, wanted: int) -> None:
    line.quantity = granted
    line.save()
    if granted == wanted:
        return
    if granted == CartLine.MOST:
        line.notice = _("%(count)s pieces are the most in one order.") % {"count": CartLine.MOST}
    else:
        line.notice = ngettext(
            "Only %(count)s piece of %(name)s is available; that is what is in your cart now.",
            "Only %(count)s pieces of %(name)s are available; that is what is in your cart now.",
            granted,
        ) % {"count": granted, "name": line.variant.full_name}


def _take_out(cart: Cart, lines: list[CartLine]) -> None:
    if lines:
        cart.taken_out = [
            {
                "variant": line.variant_id,
                "quantity": line.quantity,
                "custom": line.custom,
                "since": line.created_at.isoformat(),
            }
            for line in lines
        ]
        cart.lines.filter(pk__in=[line.pk for line in lines]).delete()
    cart.save(update_fields=["updated_at", "taken_out"])


def _touch(cart: Cart, key: str = "") -> None:
    if key:
        cart.recent_keys = [*cart.recent_keys, key[:64]][-Cart.KEYS_KEPT :]
    cart.save(update_fields=["updated_at", "recent_keys", "holder"])
