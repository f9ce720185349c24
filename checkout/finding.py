"""Whose checkout it is: the session names it; a session that was lost finds it again through the visitor's cart."""

from cart.finding import Visit, cart_of
from checkout.models import Checkout

KEY = "checkout"


def checkout_of(request: Visit) -> Checkout | None:
    """The visitor's checkout, open or completed; never one that was given up, never somebody else's."""
    found = _of_session(request)
    if found is None and (cart := cart_of(request)):
        found = Checkout.objects.filter(cart=cart, status=Checkout.Status.OPEN).first()
    return found if found and _is_theirs(found, request) else None


def remember(request: Visit, checkout: Checkout) -> None:
    """From now on the session names it."""
    if request.session.get(KEY) != checkout.token:
        request.session[KEY] = checkout.token


def _of_session(request: Visit) -> Checkout | None:
    token = request.session.get(KEY)
    known = Checkout.objects.exclude(status=Checkout.Status.ABANDONED)
    return known.filter(token=token).first() if token else None


def _is_theirs(checkout: Checkout, request: Visit) -> bool:
    return checkout.user_id is None or checkout.user_id == request.user.pk
