from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from cart import adding, gifting, undoing
from cart.finding import cart_of, keeps_cart
from cart.gift_form import GiftForm
from cart.listing import shown
from cart.models import CartLine, Wishlist
from cart.totals import TotalLine, totals
from catalog.products import quantities
from catalog.recommendations.suggesting import goes_with_cart
from shop.core.http import private, see_other


@require_GET
@private
@keeps_cart
def show(request):
    return page(request)


@require_POST
@private
@keeps_cart
def clear(request):
    """Everything out."""
    cart = cart_of(request)
    if cart:
        adding.clear(cart)
    return see_other(f"{reverse('cart:cart')}?removed=1")


def page(request, *, status=200, errors=(), gift_form=None, code=None):
    """The cart page; with `errors` (each href, text), a `gift_form` or a `code` (typed, error) the answer
    to a form that could not be understood."""
    cart = cart_of(request)
    found = totals(cart)
    inside = {line.card.product_id for line in found.lines}
    errors = [*errors, *([{"href": "#code", "text": code["error"]}] if code else [])]
    context = {
        "totals": found,
        "code": code,
        "lines": [_shown(line) for line in found.lines],
        "errors": errors,
        "has_errors": bool(errors or gift_form),
        **(_gift(cart, gift_form) if cart and found.lines else {}),
        "removed": _removed(request, cart),
        **(_later(cart) if cart else {}),
        "goes_with": goes_with_cart(inside),
        "country": request.GET.get("country", "")[:2],
        "postcode": request.GET.get("postcode", "").strip()[:20],
    }
    return render(request, "cart/cart.html", context, status=status)


def _gift(cart, form) -> dict:
    said = cart.wrap_id or cart.greeting_card_id or cart.gift_message or cart.order_note
    form = form or GiftForm(gifting.options_for(cart.currency), cart=cart)
    return {"gift_form": form, "gift_said": bool(said)}


def _shown(line: TotalLine) -> dict:
    """As components/cart_line.html wants it. What cannot be bought has no quantity to change."""
    return {
        "id": line.pk,
        "url": line.card.url,
        "image": {"src": line.card.photo.thumb} if line.card.photo else None,
        "name": line.card.name,
        "options": line.card.choices,
        "details": line.card.details,
        "unit": line.unit,
        "was": line.was,
        "words": line.card.price_words,
        "total": line.total if line.quantity else "–",
        "quantity": line.quantity,
        "max": quantities.allowed(line.card, min(line.most, CartLine.MOST)),
        "step": line.card.quantity_step,
        "unit_price": line.unit_price,
        "notice": {"kind": line.kind, "text": line.notice} if line.notice else None,
        "update_url": reverse("cart:line", args=[line.pk]) if line.quantity else "",
        "save_url": reverse("cart:saving", args=[line.pk]),
        "remove_url": reverse("cart:removal", args=[line.pk]),
    }


def _removed(request, cart) -> list[str]:
    """The names of what was taken out a moment ago, for the way back."""
    return undoing.named(cart) if "removed" in request.GET else []


def _later(cart) -> dict:
    """What was set aside, below the lines."""
    later = cart.wishlists.filter(kind=Wishlist.Kind.LATER).first()
    return {"later": shown(later, customer=cart.user_id, currency=cart.currency) if later else []}
