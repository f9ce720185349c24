"""Where the provider sends the customer back to. The address says nothing that we believe: the provider is asked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from checkout.gateways.base import GatewayUnavailable
from orders import handing_over
from orders.access import order_for
from orders.models import Order, PaymentAttempt
from orders.settling import settle
from shop.core.http import private, see_other

Status = PaymentAttempt.Status


@private
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """Looks at the payment once more; harmless to repeat."""
    order = order_for(request, number)
    attempt = order.attempts.order_by("-created_at", "-pk").first()
    if order.status == Order.Status.PLACED and attempt:
        attempt = _looked_at(attempt)
        order.refresh_from_db()
    if order.status != Order.Status.PLACED or attempt is None or attempt.status == Status.PROCESSING:
        return handing_over.to_order(request, order)
    if attempt.status in (Status.INTENT_CREATED, Status.FAILED, Status.CANCELED):
        return _back_to_paying(request, order, attempt)
    response = render(request, "orders/confirming.html", {"order": order})
    response["Referrer-Policy"] = "no-referrer"
    return response


def _looked_at(attempt: PaymentAttempt) -> PaymentAttempt:
    try:
        return settle(attempt)
    except GatewayUnavailable:
        return attempt


def _back_to_paying(request: HttpRequest, order: Order, attempt: PaymentAttempt) -> HttpResponse:
    if not attempt.error_code:
        messages.info(request, _("Nothing has been paid yet. You can go on here."))
    return see_other("orders:payment", order.number)
