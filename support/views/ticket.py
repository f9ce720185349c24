"""The conversation as the customer sees it. The address of the page is the key to it, so it is never passed on."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shop.core import limits
from shop.core.http import private, see_other
from support import helping
from support.forms import ReplyForm
from support.models import Ticket

PER_TICKET = {"limit": 20, "seconds": 3600}


def unspoken(view):
    """Its address stays on this site. ("no-referrer" would take the Origin from our own form, and with it the proof.)"""

    @wraps(view)
    def inner(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        return response

    return inner


@private
@unspoken
@require_safe
def show(request, token):
    return _page(request, get_object_or_404(Ticket, token=token), ReplyForm())


@private
@unspoken
@require_POST
def write(request, token):
    ticket = get_object_or_404(Ticket, token=token)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, ticket, form, status=422)
    try:
        limits.hit(f"ticket:{ticket.pk}", **PER_TICKET)
    except limits.TooMany as refusal:
        form.add_error(None, refusal.message)
        return _page(request, ticket, form, status=429)
    helping.customer_reply(ticket, text=form.cleaned_data["message"], by=_writer(request, ticket))
    messages.success(request, _("Thank you, we have your message and answer by mail."))
    return see_other(ticket)


def _page(request, ticket, form, status=200):
    said = ticket.messages.filter(is_internal=False).select_related("author")
    return render(
        request, "support/ticket.html", {"ticket": ticket, "said": said, "form": form}, status=status
    )


def _writer(request, ticket):
    return request.user if request.user.is_authenticated and request.user.pk == ticket.user_id else None
