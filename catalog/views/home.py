from django.shortcuts import render

from catalog import browsing
from catalog.context import menu_of
from catalog.finding.reading import brief
from catalog.seo import as_json_ld, shop_data, site_data
from catalog.visiting import show_own_prices, visitor_of
from shop.core.http import absolute, shared_page
from shop.core.models import Shop


@shared_page
@brief
def show(request):
    shop = Shop.current()
    page = browsing.home()
    for cards in [*page.rows.values(), *(row["cards"] for row in page.collections)]:
        show_own_prices(cards, visitor_of(request, shop))
    context = {
        "shop": shop,
        "home": page,
        "menu": menu_of(page.menu, here=request.path),
        "canonical": absolute(request.path),
        "json_ld": [as_json_ld(shop_data(shop)), as_json_ld(site_data(shop))],
    }
    return render(request, "catalog/home.html", context)
