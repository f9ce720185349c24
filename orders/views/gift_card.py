"""The card itself, to be printed or shown: opened by the link in the mail, which carries the code."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from checkout import gift_cards
from checkout.card_links import code_in
from orders.mails import sender_of
from orders.models import BoughtCard
from shop.core.http import private


@private
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    code = code_in(token)
    card = gift_cards.found_by(code) if code else None
    if card is None:
        raise Http404("no such card, or another code was sent since")
    bought = BoughtCard.objects.filter(card=card).select_related("line__order").first()
    context = {
        "card": card,
        "code": code,
        "bought": bought,
        "sender": sender_of(bought.line.order) if bought else "",
    }
    response = render(request, "orders/gift_card.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response
