from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from catalog.feeds import mapping
from shop.core.http import absolute, shared_page

HOUR = "public, max-age=3600"


@shared_page
def robots(request):
    context = {"private": mapping.closed_to_robots(), "sitemap": absolute("/sitemap.xml")}
    return render(request, "catalog/robots.txt", context, content_type="text/plain; charset=utf-8")


def sitemap(request):
    response = HttpResponse(mapping.index(), content_type="application/xml")
    response["Cache-Control"] = HOUR
    return response


def sitemap_file(request, name):
    """Large and seldom read: written while it is sent; proxies may keep it, our own cache does not."""
    written = mapping.write(name)
    if written is None:
        raise Http404
    response = StreamingHttpResponse(written, content_type="application/xml")
    response["Cache-Control"] = HOUR
    return response
