from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from orders.access import order_for
from orders.cancelling import cancel_order
from orders.forms import CancellationForm
from shop.core.errors import back_to
from shop.core.http import private, see_other


@private
@require_POST
@back_to("orders:detail")
def create(request: HttpRequest, number: str) -> HttpResponse:
    order = order_for(request, number)
    form = CancellationForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    order = cancel_order(order, reason=reason, by=request.user if request.user.is_authenticated else None)
    messages.success(
        request,
        _("Your order is cancelled. What you have paid goes back to you.")
        if order.paid_minor
        else _("Your order is cancelled. Nothing was charged."),
    )
    return see_other("orders:detail", number)
