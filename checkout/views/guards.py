"""What every page of the checkout asks first."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cart.finding import keeps_cart
from catalog.browsing import line_cards
from catalog.stock import OutOfStock
from checkout.finding import checkout_of, remember
from checkout.models import Checkout
from checkout.starting import CheckoutClosed
from shop.core.http import SeeOther, private, see_other


def in_checkout(view: Callable) -> Callable:
    """The view is called with the visitor's open checkout. Without one it is the cart's turn, with an order the order's."""

    @private
    @keeps_cart
    @wraps(view)
    def inner(request, *args, **kwargs):
        checkout = checkout_of(request)
        if checkout is None:
            messages.info(request, _("Your checkout starts from your cart."))
            return see_other("cart:cart")
        if checkout.status == Checkout.Status.COMPLETED:
            return to_order(checkout)
        remember(request, checkout)
        try:
            return view(request, checkout, *args, **kwargs)
        except OutOfStock as refusal:
            messages.error(request, sold_meanwhile(refusal))
            return see_other("cart:cart")
        except CheckoutClosed as refusal:
            messages.error(request, refusal.message)
            return see_other("cart:cart")

    return inner


def to_order(checkout: Checkout) -> SeeOther:
    return SeeOther(resolve_url("orders:detail", checkout.order_number))


def sold_meanwhile(refusal: OutOfStock) -> str:
    """Which lines, and how many of each are left."""
    short = refusal.data["short"]
    told = [refusal.message]
    for pk, card in line_cards(short).items():
        if short[pk] < 1:
            told.append(_("%(name)s: sold out.") % {"name": card.full_name})
        else:
            text = ngettext("%(name)s: %(count)s left.", "%(name)s: %(count)s left.", short[pk])
            told.append(text % {"name": card.full_name, "count": short[pk]})
    return " ".join(told)
