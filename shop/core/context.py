"""What every template may ask for. Lazy: a page that does not ask pays nothing."""

from django.utils.functional import SimpleLazyObject

from shop.core.models import Shop


def shop(request) -> dict:
    return {"shop": SimpleLazyObject(Shop.current)}
