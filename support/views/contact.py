import hashlib

from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from shop.accounts.buyers import normalise
from shop.core import limits
from shop.core.http import client_ip, private, see_other
from shop.core.tokens import as_written
from support import helping
from support.forms import ContactForm
from support.models import Ticket

PER_VISITOR = {"limit": 10, "seconds": 3600}
PER_ADDRESS = {"limit": 3, "seconds": 3600}  # a copy is mailed to it: nobody may flood a stranger


@private
@require_http_methods(["GET", "HEAD", "POST"])
def write(request):
    form = ContactForm(request.POST if request.method == "POST" else None, initial=_known(request))
    if request.method == "POST" and form.is_valid():
        try:
            _count(request, form.cleaned_data["email"])
        except limits.TooMany as refusal:
            form.add_error(None, refusal.message)
            return render(request, "support/contact.html", {"form": form}, status=429)
        ticket = _open(request, form.cleaned_data)
        request.session["ticket_sent"] = {"number": ticket.number, "email": ticket.email}
        return see_other("support:sent")
    return render(request, "support/contact.html", {"form": form}, status=422 if form.errors else 200)


@private
@require_GET
def sent(request):
    ticket = request.session.get("ticket_sent")
    return (
        render(request, "support/contact_sent.html", {"ticket": ticket})
        if ticket
        else see_other("support:contact")
    )


def _open(request, given: dict) -> Ticket:
    return helping.open_ticket(
        given["email"],
        text=given["message"],
        topic=given["topic"],
        name=given["name"],
        order_number=given["order_number"],
        user=request.user if request.user.is_authenticated else None,
    )


def _known(request) -> dict:
    """What the form need not ask: who is signed in, and the order from whose page the visitor comes."""
    topic = request.GET.get("topic", "")
    known = {
        "order_number": as_written(request.GET.get("order", "")),
        "topic": topic if topic in Ticket.Topic.values else "",
    }
    if request.user.is_authenticated:
        known |= {"email": request.user.email, "name": request.user.name}
    return known


def _count(request, email: str) -> None:
    limits.hit(f"contact:{client_ip(request)}", **PER_VISITOR)
    address = hashlib.sha256(normalise(email).encode()).hexdigest()[:24]
    limits.hit(f"contact-copy:{address}", **PER_ADDRESS)
