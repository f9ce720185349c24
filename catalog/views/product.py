from django.http import Http404
from django.shortcuts import redirect, render

from catalog import browsing
from catalog.finding.reading import brief
from catalog.models import Product
from catalog.products import moving, retiring
from catalog.products.choosing import param_of
from catalog.seo import as_json_ld, breadcrumb_data, product_data
from catalog.visiting import show_own_prices, visitor_of
from catalog.voices.question_forms import QuestionForm
from shop.core.http import absolute, shared_page
from shop.core.models import Shop, told


@shared_page(tag=lambda slug: f"product:{slug}")
@brief
def show(request, slug):
    """With the options of one variant chosen, the address becomes that variant's own."""
    shop = Shop.current()
    products = Product.objects.with_page().filter(search__isnull=False).select_related("search")
    product = products.filter(slug=slug).first()
    if product is None:
        return _elsewhere(request, slug)
    visitor = visitor_of(request, shop)
    told(product)
    if product.status == Product.Status.RETIRED:
        return _retired(request, product, shop, visitor)
    page = browsing.product_page(product, request.GET, visitor=visitor, shop=shop)
    if page is None and visitor.currency != shop.currency and product.search.is_listed:
        return render(request, "catalog/not_in_currency.html", {"product": product, "visitor": visitor})
    if page is None:
        raise Http404
    show_own_prices([*page.rows.goes_with, *page.rows.similar], visitor)
    options = product.search.page["options"]
    asked = any(param_of(option) in request.GET for option in options)
    if asked and page.choice.is_complete and "variant" not in request.GET:
        return redirect(page.variant.get_absolute_url())
    context = {
        "shop": shop,
        "page": page,
        "product": product,
        "ask_form": QuestionForm(auto_id="ask_%s"),
        "has_errors": "missing" in request.GET and not page.choice.is_complete,
        "canonical": absolute(product.get_absolute_url()),
        "share_image": absolute(page.images[0].src) if page.images else "",
        "json_ld": [as_json_ld(product_data(page, shop)), as_json_ld(breadcrumb_data(page.crumbs))],
    }
    return render(request, "catalog/product.html", context)


def _retired(request, product, shop, visitor):
    """Old links lead here, from mails, orders and other sites."""
    page = retiring.retired_page(product, product.search)
    show_own_prices(page.alternatives, visitor)
    context = {
        "shop": shop,
        "page": page,
        "product": product,
        "canonical": absolute(product.get_absolute_url()),
        "share_image": absolute(page.images[0].src) if page.images else "",
        "json_ld": [as_json_ld(breadcrumb_data(page.crumbs))],
    }
    return render(request, "catalog/retired.html", context)


def _elsewhere(request, slug):
    moved = moving.product_moved_from(slug)
    if moved is None:
        raise Http404
    return moving.lead_to(moved, request)
