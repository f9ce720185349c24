from django.shortcuts import get_object_or_404, render

from shop.core.http import absolute, shared_page
from shop.core.models import Page, told


@shared_page
def show(request, slug):
    page = told(get_object_or_404(Page, slug=slug, is_published=True))
    pages = [
        {"title": told(other).title, "url": other.get_absolute_url(), "current": other.pk == page.pk}
        for other in Page.objects.filter(is_published=True)
    ]
    context = {"page": page, "help_pages": pages, "canonical": absolute(request.path)}
    return render(request, "core/page.html", context)
