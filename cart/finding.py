"""Whose cart it is. A guest's is found by a signed cookie of its own, so that guests with a cart need no session.

When a signed-in visitor who carries a guest's cart is next read, the two are merged (cart/merging.py).
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest

from cart.merging import merge
from cart.models import Cart
from catalog.visiting import currency_of
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
