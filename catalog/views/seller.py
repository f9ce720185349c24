from django.shortcuts import get_object_or_404, render

from catalog import browsing, canonical
from catalog.finding.reading import brief
from catalog.seo import as_json_ld, breadcrumb_data, list_data
from catalog.visiting import show_own_prices, visitor_of
from shop.accounts.models import Seller
from shop.core.http import shared_page
from shop.core.models import Shop


@shared_page
@brief
def show(request, slug):
    """A guest seller: its imprint, and what it sells. One that sells here no longer keeps its imprint: people bought."""
    shop = Shop.current()
    page = browsing.seller_page(get_object_or_404(Seller, slug=slug), request.GET, currency=shop.currency)
    show_own_prices(page.listing.cards, visitor_of(request, shop))
    context = {
        "shop": shop,
        "page": page,
        "seller": page.seller,
        "listing": page.listing,
        "canonical": canonical.of_list(request, page.listing),
        "noindex": not page.listing.is_for_robots,
        "json_ld": [as_json_ld(breadcrumb_data(page.crumbs)), as_json_ld(list_data(page.listing.cards))],
    }
    return render(request, "catalog/seller.html", context)
