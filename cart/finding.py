"""Whose cart it is. A guest's is found by a signed cookie of its own, so that guests with a cart need no session.

When a signed-in visitor who carries a guest's cart is next read, the two are merged: the guest's cart, which is the one
in use, goes on under a new name; what lay in the account's own cart comes along. Of the same variant the larger quantity
stays, not the sum: whoever filled the same cart twice means it once. Nothing is lost, and doing it again changes nothing.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest

from cart.models import Cart, CartLine
from catalog.products.quantities import nearest
from catalog.visiting import currency_of
from shop.core import tokens
from shop.core.faultpoints import faultpoint
from shop.core.locks import lock
from shop.core.models import Shop

SALT = "cart"


class Visit(HttpRequest):
    """What is remembered on a request: the cart that was found, and the cookie to hand out ("": to drop)."""

    _cart: Cart | None
    _cart_cookie: str


def cart_of(request: Visit) -> Cart | None:
    """The visitor's cart, if there is one. Remembered for the request."""
    if not hasattr(request, "_cart"):
        request._cart = _find(request)
    return request._cart


def cart_for(request: Visit) -> Cart:
    """The visitor's cart, made if there is none. The view wears @keeps_cart, which hands out the cookie."""
    cart = cart_of(request)
    if cart is None:
        user = request.user if request.user.is_authenticated else None
        fresh = {"currency": currency_of(request, Shop.current())}
        cart = (
            Cart.objects.get_or_create(user=user, defaults=fresh)[0] if user else Cart.objects.create(**fresh)
        )
        request._cart = cart
    if cart.user_id is None:
        request._cart_cookie = cart.token
    return cart


def keeps_cart(view: Callable) -> Callable:
    """Sends the cookie that `cart_for` asked for, and drops one whose cart is no longer a guest's."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        token = getattr(request, "_cart_cookie", None)
        if token:
            response.set_signed_cookie(
                settings.SHOP_CART_COOKIE_NAME,
                token,
                salt=SALT,
                max_age=settings.SHOP_CART_DAYS * 24 * 3600,
                secure=settings.SHOP_IS_SECURE,
                httponly=True,
                samesite="Lax",
            )
        elif token == "" and settings.SHOP_CART_COOKIE_NAME in request.COOKIES:
            response.delete_cookie(settings.SHOP_CART_COOKIE_NAME, samesite="Lax")
        return response

    return inner


def _find(request: Visit) -> Cart | None:
    token = _token(request)
    guest = Cart.objects.filter(token=token, user=None).first() if token else None
    if token and guest is None:
        request._cart_cookie = ""
    if not request.user.is_authenticated:
        return guest
    if guest is not None:
        request._cart_cookie = ""
        return merge(guest, into=request.user)
    return Cart.objects.filter(user=request.user).first()


def _token(request: HttpRequest) -> str:
    max_age = settings.SHOP_CART_DAYS * 24 * 3600
    name = settings.SHOP_CART_COOKIE_NAME
    return request.get_signed_cookie(name, default="", salt=SALT, max_age=max_age) or ""


@transaction.atomic
def merge(guest: Cart, *, into) -> Cart:
    """The guest's cart becomes that of the person `into`, with what lay in theirs; the cookie's token dies."""
    carts = {
        cart.pk: cart for cart in lock(Cart.objects.filter(pk=guest.pk) | Cart.objects.filter(user=into))
    }
    kept = carts.pop(guest.pk, None)
    own = next(iter(carts.values()), None)
    if kept is None or kept.user_id is not None:  # another request has done it
        return Cart.objects.get_or_create(user=into)[0]
    if own is not None:
        _bring_along(own, kept)
        faultpoint("cart.merge")
        own.delete()
    Cart.objects.filter(pk=kept.pk).update(user=into, token=tokens.secret_token(), updated_at=Now())
    return Cart.objects.get(pk=kept.pk)


def _bring_along(own: Cart, kept: Cart) -> None:
    here = {(line.variant_id, line.custom_key): line for line in kept.lines.all()}
    for line in own.lines.select_related("variant"):
        same = here.get((line.variant_id, line.custom_key))
        if same is None:
            CartLine.objects.filter(pk=line.pk).update(
                cart=kept, quantity=nearest(line.variant, line.quantity)
            )
        else:
            larger = max(line.quantity, same.quantity)
            CartLine.objects.filter(pk=same.pk).update(quantity=nearest(line.variant, larger))
