"""An order as its buyer sees it, and the list of his orders."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.finding.paging import page_links
from orders import showing
from orders.access import order_for
from orders.cancelling import can_cancel
from orders.forms import CancellationForm
from orders.models import Order
from orders.transfer_details import awaited_transfer
from shop.core.http import private

PER_PAGE = 10


@private
@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    order = order_for(request, number)
    is_owner = request.user.is_authenticated and order.user_id == request.user.pk
    return render(
        request,
        "orders/detail.html",
        {
            "order": order,
            "layout": "layouts/account.html"
            if is_owner and "thanks" not in request.GET
            else "layouts/private.html",
            "section": "orders",
            "is_owner": is_owner,
            "is_thanks": "thanks" in request.GET and _is_agreed(order),
            "shown": showing.shown(order),
            "can_cancel": can_cancel(order),
            "cancellation": CancellationForm(),
        },
    )


def _is_agreed(order: Order) -> bool:
    """It is confirmed, or waits for nothing but the customer's transfer."""
    return order.status == Order.Status.CONFIRMED or awaited_transfer(order) is not None


@private
@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    orders = Order.objects.of(request.user).prefetch_related("lines")
    if asked:
        matching = Q(number__icontains=asked) | Q(lines__name__icontains=asked) | Q(lines__sku__iexact=asked)
        orders = orders.filter(matching).distinct()
    page = Paginator(orders, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "orders/list.html",
        {"section": "orders", "rows": showing.rows_of(page), "asked": asked} | _paging(page, asked),
    )


def _paging(page: Page, asked: str) -> dict:
    def url(page: int) -> str:
        return "?" + urlencode({"q": asked, "page": page} if asked else {"page": page})

    return {
        "links": page_links(page.number, page.paginator.num_pages, url),
        "previous": url(page.previous_page_number()) if page.has_previous() else "",
        "next": url(page.next_page_number()) if page.has_next() else "",
    }
