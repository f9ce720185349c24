"""The shop with answers of our own where the scripts ask for something: every behaviour can be tried without a catalogue."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from shop.core.samples import orders
from shop.urls import urlpatterns as shop_urlpatterns

posted: list[dict] = []
asked: list[str] = []


def visitor(request):
    return render(request, "components/visitor.html", {"account_name": "Ada", "cart_count": 3})


@csrf_exempt
def add(request):
    posted.append(request.POST.dict())
    if request.POST.get("quantity") == "2":
        notice = {"kind": "error", "text": "Only 1 is left."}
        return render(request, "components/notice.html", notice, status=422)
    context = {"line": orders.LINES[0], "cart_count": 3, "subtotal": "€145.20", "missing": "", "share": 100}
    return render(request, "components/cart_added.html", context)


def confirming(request):
    """Twice the same, then the order."""
    asked.append(request.path)
    if len(asked) > 2:
        return HttpResponseRedirect("/styleguide/pages/confirmation/")
    return HttpResponse(POLLED, headers={"Cache-Control": "no-store"})


POLLED = """<!doctype html><html lang="en"><title>Confirming</title><script type="module" src="/static/js/site.js"></script>
<div id="confirming" data-poll="0.2">Confirming your payment</div></html>"""

urlpatterns = [
    path("visitor/", visitor),
    path("cart/lines/", add),
    path("confirming/", confirming),
    *shop_urlpatterns,
]
