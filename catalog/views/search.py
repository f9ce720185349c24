from django.shortcuts import render

from shop.core.http import shared_page


@shared_page
def show(request):
    return render(request, "catalog/search.html", {"query": request.GET.get("q", "")})
