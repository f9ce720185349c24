from django.shortcuts import render

from catalog import browsing, searching
from catalog.finding.reading import brief
from catalog.finding.tallying import note_search
from catalog.visiting import show_own_prices, visitor_of
from shop.core.http import shared_page
from shop.core.models import Shop


def show(request):
    """Counted whether the page was kept or made; `hits` are known only when it was made."""
    response = _show(request)
    if set(request.GET) == {"q"} and response.status_code in (200, 304):
        hits = getattr(request, "hits", None)
        note_search(request.GET["q"], hits=hits, agent=request.headers.get("User-Agent", ""))
    return response


@shared_page(is_noticed=True)
@brief
def _show(request):
    shop = Shop.current()
    results = searching.search(request.GET, currency=shop.currency)
    show_own_prices(results.listing.cards, visitor_of(request, shop))
    request.hits = 0 if results.corrected or results.is_loose else results.listing.everything
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
@brief
def suggestions(request):
    """Rows for the search field, while one types."""
    rows = searching.suggest(request.GET.get("q", ""))
    return render(request, "catalog/_suggestions.html", {"rows": rows})
