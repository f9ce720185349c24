"""What every page's header asks of the catalogue. Lazy: a page without a menu pays nothing."""

from django.urls import reverse_lazy
from django.utils.functional import SimpleLazyObject

from catalog.models import Category
from catalog.visiting import currency_of
from shop.core.models import Shop, told

MOST = 7  # of the header's categories


def navigation(request) -> dict:
    return {
        "top_categories": SimpleLazyObject(lambda: [told(found) for found in Category.objects.menu()[:MOST]]),
        "chosen_currency": SimpleLazyObject(lambda: currency_of(request, Shop.current())),
        "suggestions_url": reverse_lazy("catalog:suggestions"),
    }
