"""Guests' carts that nobody has touched for as long as their cookie lives are thrown away. An account's cart stays."""

from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from cart.models import Cart


def expired():
    return Cart.objects.filter(user=None, updated_at__lt=Now() - timedelta(days=settings.SHOP_CART_DAYS))


def sweep(*, limit: int = 5000) -> int:
    """Returns how many carts went."""
    found = list(expired().values_list("pk", flat=True)[:limit])
    expired().filter(pk__in=found).delete()
    return len(found)
