from django.shortcuts import render

from catalog import browsing, searching
from catalog.visiting import show_own_prices, visitor_of
from shop.core.http import shared_page
from shop.core.models import Shop


@shared_page
def show(request):
    shop = Shop.current()
    results = searching.search(request.GET, currency=shop.currency)
    show_own_prices(results.listing.cards, visitor_of(request, shop))
    found_nothing = not results.listing.everything
    context = {
        "shop": shop,
        "results": results,
        "listing": results.listing,
        "search_query": results.query,
        "tiles": browsing.tiles() if found_nothing else [],
        "popular": [] if results.listing.total else searching.popular(),
        "noindex": True,
    }
    return render(request, "catalog/search.html", context)


@shared_page
def suggestions(request):
    """Rows for the search field, while one types."""
    rows = searching.suggest(request.GET.get("q", ""))
    return render(request, "catalog/_suggestions.html", {"rows": rows})
