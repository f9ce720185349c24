from django.shortcuts import get_object_or_404, render

from catalog.models import Product
from shop.core.http import shared_page


@shared_page
def show(request, slug):
    product = get_object_or_404(Product.objects.published(), slug=slug)
    return render(request, "catalog/product.html", {"product": product})
