"""What every template may ask for. Lazy: a page that does not ask pays nothing."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from shop.core.models import Shop


def shop(request: HttpRequest) -> dict[str, object]:
    return {"shop": SimpleLazyObject(Shop.current)}
