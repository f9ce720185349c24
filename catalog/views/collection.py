from django.shortcuts import get_object_or_404, render

from catalog import browsing, canonical, searching
from catalog.finding.reading import brief
from catalog.models import Collection
from catalog.seo import as_json_ld, breadcrumb_data, list_data
from catalog.visiting import show_own_prices, visitor_of
from shop.core.http import shared_page
from shop.core.models import Shop


@shared_page
@brief
def show(request, slug):
    shop = Shop.current()
    collection = get_object_or_404(Collection.objects.published(), slug=slug)
    page = browsing.collection_page(collection, request.GET, currency=shop.currency)
    show_own_prices(page.listing.cards, visitor_of(request, shop))
    context = {
        "shop": shop,
        "page": page,
        "listing": page.listing,
        "popular": [] if page.listing.total else searching.popular(),
        "canonical": canonical.of_list(request, page.listing),
        "noindex": not page.listing.is_for_robots,
        "json_ld": [as_json_ld(breadcrumb_data(page.crumbs)), as_json_ld(list_data(page.listing.cards))],
    }
    return render(request, "catalog/collection.html", context)
