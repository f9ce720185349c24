from django.http import Http404
from django.shortcuts import render

from catalog import mapping
from shop.core.http import absolute, shared_page

PRIVATE = ["/account/", "/admin/", "/cart/", "/checkout/", "/o/", "/orders/", "/search/"]


@shared_page
def robots(request):
    """Search results and everything personal are of no use to robots."""
    context = {"private": PRIVATE, "sitemap": absolute("/sitemap.xml")}
    return render(request, "catalog/robots.txt", context, content_type="text/plain; charset=utf-8")


@shared_page
def sitemap(request):
    urls = [absolute(f"/sitemaps/{name}.xml") for name in mapping.files()]
    return render(request, "catalog/sitemap_index.xml", {"urls": urls}, content_type="application/xml")


def sitemap_file(request, name):
    """Large and seldom read: proxies may keep it, our own cache does not."""
    entries = mapping.entries(name)
    if entries is None:
        raise Http404
    response = render(request, "catalog/sitemap.xml", {"entries": entries}, content_type="application/xml")
    response["Cache-Control"] = "public, max-age=3600"
    return response
