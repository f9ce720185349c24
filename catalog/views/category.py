from django.shortcuts import get_object_or_404, render

from catalog.models import Category
from shop.core.http import shared_page


@shared_page
def show(request, slug):
    category = get_object_or_404(Category, slug=slug, is_published=True)
    return render(request, "catalog/category.html", {"category": category})
