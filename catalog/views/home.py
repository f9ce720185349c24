from django.shortcuts import render

from catalog import browsing
from catalog.seo import as_json_ld, shop_data
from shop.core.http import absolute, shared_page
from shop.core.models import Shop


@shared_page
def show(request):
    shop = Shop.current()
    context = {
        "shop": shop,
        "home": browsing.home(),
        "canonical": absolute(request.path),
        "json_ld": [as_json_ld(shop_data(shop))],
    }
    return render(request, "catalog/home.html", context)
