"""What stands on lists: put there from a product's page, moved, taken off, put into the cart."""

from django.contrib import messages
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cart import setting_aside, wishing
from cart.finding import cart_for, cart_of, keeps_cart
from cart.forms import MoveForm, WishForm
from cart.models import Wishlist
from cart.views.owned import own_entry, own_list
from cart.views.visitor import visitor_context
from catalog.models import Variant
from catalog.products.customizing import NotAnswered
from shop.core.errors import Refused
from shop.core.http import private, same_origin, see_other


@same_origin
@require_POST
@private
@keeps_cart
def wish(request):
    """From a product's page, which carries no token; by script the answer is the visitor's part of the header."""
    form = WishForm(request.POST)
    variant = None
    if form.is_valid():
        variant = Variant.objects.select_related("product").filter(pk=form.cleaned_data["variant"]).first()
    if variant is None:
        return _refused(request, _("That is not in our shop (any more)."))
    try:
        _carry_out(request, variant, form.cleaned_data["wanted"])
    except Refused as refusal:
        return _refused(request, refusal.message)
    if _by_script(request):
        return render(request, "components/visitor.html", visitor_context(request))
    return see_other("cart:wishlist")


@require_POST
@private
@keeps_cart
def remove(request, pk):
    entry = own_entry(request, pk)
    wishing.drop(entry)
    return _back(entry.wishlist)


@require_POST
@private
@keeps_cart
def move(request, pk):
    entry, form = own_entry(request, pk), MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["list"][0])
        return _back(entry.wishlist)
    to = own_list(request, form.cleaned_data["list"])
    try:
        wishing.move(entry, to=to)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _back(entry.wishlist)
    messages.success(request, _("Moved to “%(list)s”.") % {"list": to.title})
    return _back(entry.wishlist)


@require_POST
@private
@keeps_cart
def into_cart(request, pk):
    entry = own_entry(request, pk)
    try:
        line = setting_aside.into_cart(entry)
    except NotAnswered as refusal:
        context = {"variant": entry.variant, "form": refusal.data["form"], "quantity": entry.quantity}
        return render(request, "cart/answers.html", context, status=422)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _back(entry.wishlist)
    if line.notice:
        messages.warning(request, line.notice)
    if entry.wishlist.kind == Wishlist.Kind.LIST:
        messages.success(request, _("%(name)s is in your cart.") % {"name": line.variant.full_name})
    return _back(entry.wishlist)


def _carry_out(request, variant: Variant, wanted: str) -> None:
    if wanted == "no":
        if cart := cart_of(request):
            wishing.unwish(cart, variant=variant)
        return
    wishing.wish(cart_for(request), variant=variant)
    if not _by_script(request):
        messages.success(request, _("%(name)s is on your wishlist.") % {"name": variant.full_name})


def _by_script(request) -> bool:
    return request.headers.get("X-Fragment") == "heart"


def _refused(request, text: str):
    if _by_script(request):
        context = {"kind": "error", "text": text}
        return render(request, "components/notice.html", context, status=422)
    messages.error(request, text)
    return see_other("cart:wishlist")


def _back(wishlist: Wishlist):
    """What was saved for later stands below the cart."""
    if wishlist.kind == Wishlist.Kind.LATER:
        return see_other("cart:cart")
    return see_other("cart:list", wishlist.pk)
