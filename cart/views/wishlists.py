"""The visitor's wishlists: one is shown at a time, the others are a press away."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cart import setting_aside, telling, wishing
from cart.finding import cart_for, cart_of, keeps_cart
from cart.forms import ListForm
from cart.listing import shown
from cart.models import Wishlist
from cart.views.owned import own_list
from catalog.visiting import visitor_of
from shop.core.errors import Refused
from shop.core.http import absolute, private, see_other
from shop.core.models import Shop


@require_http_methods(["GET", "HEAD", "POST"])
@private
@keeps_cart
def index(request):
    """The first list; POST makes another one."""
    if request.method != "POST":
        return page(request)
    form = ListForm(request.POST)
    if form.is_valid():
        try:
            made = wishing.make_list(cart_for(request), name=form.cleaned_data["name"])
        except Refused as refusal:
            form.add_error("name", refusal.message)
        else:
            return see_other("cart:list", made.pk)
    return page(request, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@private
@keeps_cart
def detail(request, pk):
    """One list; POST gives it another name."""
    wishlist = own_list(request, pk)
    if request.method != "POST":
        return page(request, wishlist)
    form = ListForm(request.POST, auto_id="rename_%s")
    if form.is_valid():
        try:
            wishing.rename(wishlist, name=form.cleaned_data["name"])
        except Refused as refusal:
            form.add_error("name", refusal.message)
        else:
            return see_other("cart:list", pk)
    return page(request, wishlist, rename_form=form)


@require_POST
@private
@keeps_cart
def remove(request, pk):
    wishing.delete_list(own_list(request, pk))
    messages.success(request, _("The list is deleted."))
    return see_other("cart:wishlist")


@require_POST
@private
@keeps_cart
def sharing(request, pk):
    """By link, or for nobody else any more."""
    wishlist = own_list(request, pk)
    if request.POST.get("share") == "yes":
        wishing.share(wishlist)
    else:
        wishing.keep_private(wishlist)
        messages.success(request, _("The list is private again: its link leads nowhere."))
    return see_other("cart:list", pk)


@require_POST
@private
@keeps_cart
def news(request, pk):
    """Mails about the list: for whoever has an account, and so an address."""
    wishlist = own_list(request, pk)
    if request.POST.get("wanted") == "yes":
        telling.allow(wishlist, by=request.user)
    else:
        telling.disallow(wishlist, by=request.user)
    return see_other("cart:list", pk)


@require_POST
@private
@keeps_cart
def fill_cart(request, pk):
    """Everything on the list that can be had."""
    moved = setting_aside.all_into_cart(own_list(request, pk))
    for text in moved.refusals:
        messages.warning(request, text)
    return see_other("cart:cart" if moved.lines else reverse("cart:list", args=[pk]))


@require_GET
@private
def shared(request, token):
    """Somebody's list, for whoever has its link: things and prices, nothing of the owner."""
    if "\0" in token:
        raise Http404
    lists = Wishlist.objects.filter(kind=Wishlist.Kind.LIST)
    wishlist = get_object_or_404(lists, share_token=token)
    visitor = visitor_of(request, Shop.current())
    entries = shown(wishlist, customer=visitor.customer, currency=visitor.currency, is_owner=False)
    return render(request, "cart/shared_list.html", {"wishlist": wishlist, "entries": entries})


def page(request, wishlist=None, *, form=None, rename_form=None):
    """The wishlist page; with a form that could not be understood, the answer to it."""
    cart = cart_of(request)
    lists = list(cart.wishlists.filter(kind=Wishlist.Kind.LIST)) if cart else []
    current = wishlist or (lists[0] if lists else None)
    refused = form or rename_form
    context = {
        "layout": "layouts/account.html" if request.user.is_authenticated else "layouts/private.html",
        "section": "wishlist",
        "lists": lists,
        "wishlist": current,
        "entries": shown(current, customer=cart.user_id, currency=cart.currency) if current else [],
        "share_url": absolute(reverse("cart:shared", args=[current.share_token]))
        if current and current.share_token
        else "",
        "list_form": form or ListForm(auto_id="new_%s"),
        "rename_form": rename_form
        or ListForm(initial={"name": current.title if current else ""}, auto_id="rename_%s"),
        "form": refused,
    }
    return render(request, "cart/wishlist.html", context, status=422 if refused else 200)
