"""Downloads: the button of the order's page, the signed address that it leads to, and the list in the account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fulfillment import delivering, downloads
from fulfillment.models import GrantedFile
from orders.access import order_for
from shop.core import limits
from shop.core.errors import Refused
from shop.core.handing import hand_out
from shop.core.http import SeeOther, private, see_other
from shop.core.storage import private as papers

PER_ORDER = {"limit": 60, "seconds": 3600}


@private
@require_POST
def start(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Counts, and leads to the file: a mail program that looks ahead presses no buttons."""
    order = order_for(request, number)
    rows = GrantedFile.objects.select_related("grant__order_line__order", "file")
    granted = get_object_or_404(rows, pk=pk, grant__order_line__order=order)
    try:
        limits.hit(f"download:{order.pk}", **PER_ORDER)
        sign = delivering.start(granted, by=request.user if request.user.is_authenticated else None)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return SeeOther(reverse("orders:detail", args=[order.number]) + "#downloads")
    return see_other("fulfillment:file", sign)


@private
@require_safe
def fetch(request: HttpRequest, sign: str) -> Any:
    """The file, whole or in part. Whoever guesses is told that there is nothing, whatever there is."""
    version = delivering.version_of(sign)
    if version is None:
        raise Http404("no such download")
    try:
        return hand_out(
            request,
            papers(),
            version.content.name or "",
            name=version.name,
            size=version.size,
            mark=version.sha256,
        )
    except FileNotFoundError as error:
        raise Http404("no such download") from error


@private
@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    context = {"section": "downloads", "groups": downloads.of_person(request.user)}
    return render(request, "fulfillment/downloads.html", context)
