"""What is left on a gift card: for whoever knows its code. Guessing is slowed down, and every wrong guess reads the same."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cart.finding import cart_of
from checkout import gift_cards, tendering
from checkout.forms import CodeForm
from shop.core import limits
from shop.core.http import client_ip, private


@private
@require_http_methods(["GET", "HEAD", "POST"])
def balance(request):
    if request.method != "POST":
        return _page(request, CodeForm())
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    cart = cart_of(request)
    try:
        tendering.check_guess(f"cart-{cart.pk}" if cart else f"from-{client_ip(request)}", client_ip(request))
    except limits.TooMany as refusal:
        form.add_error("code", refusal.message)
        return _page(request, form, status=429)
    card = gift_cards.found_by(form.cleaned_data["code"])
    if card is None:
        form.add_error(
            "code", _("We do not know this code, or it cannot be used any more. Check each character.")
        )
        return _page(request, form, status=422)
    return _page(request, CodeForm(), card=card)


@private
@login_required
@require_safe
def own(request):
    """What the shop owes the signed-in buyer, with its ledger; and where a card's code is asked for."""
    credits = list(request.user.store_credits.prefetch_related("entries"))
    return render(request, "checkout/purse.html", {"credits": credits})


def _page(request, form, *, card=None, status=200):
    return render(request, "checkout/gift_card_balance.html", {"form": form, "card": card}, status=status)
