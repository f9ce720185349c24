"""The pay page: where a declined or abandoned payment goes on, and where the pay link leads. It may load Stripe.js."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from checkout import saving_cards
from checkout.gateways import gateway_named, in_words, offered
from checkout.gateways.csp import payment_page
from checkout.gateways.stripe import element
from orders import handing_over, showing
from orders.access import order_for
from orders.forms import PayForm
from orders.models import Order
from orders.purchasing import purchase_of
from shop.core import limits
from shop.core.errors import Refused
from shop.core.http import client_ip, private
from shop.core.money import Money

PER_VISITOR = {"limit": 60, "seconds": 900}


@payment_page
@private
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, number: str) -> HttpResponse:
    order = order_for(request, number)
    if request.method == "POST":
        return _begin(request, order)
    if order.status != Order.Status.PLACED:
        return handing_over.to_order(request, order)
    return _page(request, order)


def _begin(request: HttpRequest, order: Order) -> HttpResponse:
    form = PayForm(request.POST)
    here = reverse("orders:payment", args=[order.number])
    if not form.is_valid():
        return handing_over.refuse(request, Refused(_("Choose how to pay.")), to=here)
    try:
        limits.hit(f"pay:{client_ip(request)}", **PER_VISITOR)
    except limits.TooMany as refusal:
        return handing_over.refuse(request, refusal, to=here, status=429)
    return handing_over.pay(request, order, **form.way)


def _page(request: HttpRequest, order: Order) -> HttpResponse:
    cards = saving_cards.cards_of(request.user) if order.user == request.user else []
    due = Money(order.due_minor, order.currency)
    latest = order.attempts.order_by("-created_at", "-pk").first()
    return render(
        request,
        "orders/payment.html",
        {
            "order": order,
            "due": due,
            "means": in_words(offered(purchase_of(order)), is_pickup=order.is_pickup),
            "cards": cards,
            "chosen": "" if gateway_named(order.gateway).is_online else order.gateway,
            "can_keep": order.user_id is not None and order.user == request.user,
            "element": element(due, language=get_language() or "en"),
            "declined": latest.error_message or _("The payment did not go through.")
            if latest and latest.is_active and latest.error_code
            else "",
            "lines": showing.lines(order),
            "totals": showing.totals(order),
        },
    )
