"""The customer's side of a return: choose what comes back, see how it stands, take it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fulfillment import returning, showing
from fulfillment.eligibility import eligible
from fulfillment.forms import ReturnForm
from fulfillment.models import Return
from orders.access import order_for
from orders.models import Order
from shop.core import limits
from shop.core.errors import Refused, back_to
from shop.core.http import private, see_other

PER_ORDER = {"limit": 20, "seconds": 3600}


@private
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, number: str) -> HttpResponse:
    order = order_for(request, number)
    found = eligible(order)
    if request.method != "POST":
        return _page(request, order, found, ReturnForm(eligible=found))
    form = ReturnForm(request.POST, eligible=found)
    if not form.is_valid():
        return _page(request, order, found, form, status=422)
    try:
        limits.hit(f"return:{order.pk}", **PER_ORDER)
        made = returning.request(
            order, lines=form.wishes(), note=form.cleaned_data["note"], by=_person(request)
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, order, eligible(order), form, status=422)
    messages.success(request, _("Thank you, we have your return and write to you about the next step."))
    return see_other(made)


@private
@require_safe
def detail(request: HttpRequest, number: str, rma: str) -> HttpResponse:
    order = order_for(request, number)
    wish = get_object_or_404(Return.objects.with_lines(), order=order, number=rma)
    context = {"order": order, "wish": wish, "shown": showing.return_shown(wish)}
    return render(request, "fulfillment/return.html", context)


@private
@require_POST
@back_to("fulfillment:return")
def withdraw(request: HttpRequest, number: str, rma: str) -> HttpResponse:
    order = order_for(request, number)
    wish = get_object_or_404(Return, order=order, number=rma)
    returning.withdraw(wish, by=_person(request))
    messages.success(request, _("You keep the goods: the return is cancelled."))
    return see_other(wish)


def _page(request, order: Order, found, form: ReturnForm, status: int = 200) -> HttpResponse:
    context = {
        "order": order,
        "form": form,
        "rows": showing.return_rows(form),
        "not_possible": [one for one in found if not one.quantity],
        "returns": [showing.return_row(wish) for wish in order.returns.prefetch_related("lines")],
    }
    return render(request, "fulfillment/returns.html", context, status=status)


def _person(request: HttpRequest):
    return request.user if request.user.is_authenticated else None
