"""Addresses that products and categories had before lead to their present ones (catalog/models/moved.py keeps them)."""

from django.http import HttpRequest, HttpResponsePermanentRedirect

from catalog.models import Category, Product


def product_moved_from(slug: str) -> Product | None:
    """The product that has a page and once had this address."""
    return Product.objects.with_page().filter(old_slugs__slug=slug).first()


def category_moved_from(slug: str) -> Category | None:
    return Category.objects.published().filter(old_slugs__slug=slug).first()


def lead_to(thing: Product | Category, request: HttpRequest) -> HttpResponsePermanentRedirect:
    """For good, in the same language, with whatever stood behind the question mark."""
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(thing.get_absolute_url() + (f"?{query}" if query else ""))
