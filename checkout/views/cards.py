"""The cards that a person keeps: look at them, take one out, say which comes first."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checkout import saving_cards
from shop.core.http import private, see_other


@private
@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    cards = saving_cards.cards_of(request.user)
    return render(request, "accounts/cards.html", {"cards": cards, "section": "cards"})


@private
@login_required
@require_POST
def make_default(request: HttpRequest, pk: int) -> HttpResponse:
    card = get_object_or_404(saving_cards.cards_of(request.user), pk=pk)
    saving_cards.make_default(card, by=request.user)
    messages.success(request, _("%(card)s comes first from now on.") % {"card": card})
    return see_other("checkout:cards")


@private
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    card = get_object_or_404(saving_cards.cards_of(request.user), pk=pk)
    if request.method == "POST":
        saving_cards.remove(card, by=request.user)
        messages.success(request, _("%(card)s is no longer kept.") % {"card": card})
        return see_other("checkout:cards")
    return render(request, "accounts/card_removal.html", {"card": card, "section": "cards"})
