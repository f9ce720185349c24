"""Finding an order again: by its link, or by number and e-mail address, which brings the link by mail.

Whoever types a number and an address learns nothing from the answer; only the inbox does.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from orders import access, mails
from orders.forms import TrackForm
from orders.models import Order
from shop.core import limits
from shop.core.http import client_ip, private, see_other

PER_VISITOR = {"limit": 10, "seconds": 900}
PER_ADDRESS = {"limit": 3, "seconds": 3600}


@private
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "orders/track.html", {"form": TrackForm()})
    form = TrackForm(request.POST)
    if not form.is_valid():
        return render(request, "orders/track.html", {"form": form}, status=422)
    try:
        limits.hit(f"track:{client_ip(request)}", **PER_VISITOR)
    except limits.TooMany as refusal:
        form.add_error(None, refusal.message)
        return render(request, "orders/track.html", {"form": form}, status=429)
    _send_link(**form.cleaned_data)
    return see_other("orders:track-sent")


@private
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "orders/track_sent.html")


@private
@require_safe
def follow(request: HttpRequest, token: str, page: str = "detail") -> HttpResponse:
    """The link in a mail: opens the order for this session and goes on to its clean address."""
    order = access.order_by_token(token)
    if order is None:
        raise Http404("no such link")
    access.grant(request, order)
    response = see_other(f"orders:{page}", order.number)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _send_link(*, number: str, email: str) -> None:
    order = Order.objects.filter(number=number, email__iexact=email).first()
    if order is None:
        return
    try:
        limits.hit(f"track-mail:{email.lower()}", **PER_ADDRESS)
    except limits.TooMany:
        return
    mails.link(order)
