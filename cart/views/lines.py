from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cart import adding
from cart.finding import cart_for, cart_of, keeps_cart
from cart.forms import AddForm, ChangeForm
from cart.totals import totals
from cart.views.cart import page
from cart.views.owned import own_line
from catalog.models import Variant
from catalog.products.customizing import NotAnswered
from shop.core.errors import Refused
from shop.core.http import private, same_origin, see_other
from shop.core.models import Shop
from shop.core.money import Money


@same_origin
@require_POST
@private
@keeps_cart
def add(request):
    """From a product's page, which carries no token; by script the answer is the drawer, else the cart."""
    form = AddForm(request.POST)
    if not form.is_valid():
        return _refused(request, next(text for texts in form.errors.values() for text in texts))
    variant = Variant.objects.select_related("product").filter(pk=form.cleaned_data["variant"]).first()
    if variant is None:
        return _refused(request, _("That is not in our shop (any more)."))
    try:
        line = adding.add_line(
            cart_for(request),
            variant=variant,
            quantity=form.cleaned_data["quantity"],
            key=form.cleaned_data["idempotency_key"],
            given=request.POST,
        )
    except NotAnswered as refusal:
        context = {
            "variant": variant,
            "form": refusal.data["form"],
            "quantity": form.cleaned_data["quantity"],
        }
        return render(request, "cart/answers.html", context, status=422)
    except Refused as refusal:
        return _refused(request, refusal.message)
    return _added(request, line)


@require_POST
@private
@keeps_cart
def change(request, pk):
    line = own_line(request, pk)
    form = ChangeForm(request.POST)
    if not form.is_valid():
        text = form.errors["quantity"][0]
        return page(request, status=422, errors=[{"href": f"#quantity-{pk}", "text": text}])
    if form.cleaned_data["quantity"] == 0:
        return _take_out(line)
    try:
        line = adding.change_line(line, quantity=form.cleaned_data["quantity"])
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        _tell(request, line)
    return see_other("cart:cart")


@require_POST
@private
@keeps_cart
def remove(request, pk):
    return _take_out(own_line(request, pk))


def _take_out(line):
    """The page that follows offers the way back."""
    adding.remove_line(line)
    return see_other(f"{reverse('cart:cart')}?removed=1")


def _by_script(request) -> bool:
    return request.headers.get("X-Fragment") == "cart" and "idempotency_key" in request.POST


def _refused(request, text):
    if _by_script(request):
        return render(request, "components/notice.html", {"kind": "error", "text": text}, status=422)
    return page(request, status=422, errors=[{"href": "#cart", "text": text}])


def _added(request, line):
    if not _by_script(request):
        _tell(request, line)
        messages.success(request, _("%(name)s is in your cart.") % {"name": line.variant.full_name})
        return see_other("cart:cart")
    found = totals(cart_of(request))
    added = next(shown for shown in found.lines if shown.pk == line.pk)
    context = {
        "line": {
            "name": added.card.name,
            "options": added.card.choices,
            "details": added.card.details,
            "image": {"src": added.card.photo.thumb} if added.card.photo else None,
            "quantity": added.quantity,
            "total": added.total,
        },
        "notice": line.notice,
        "cart_count": found.count,
        "subtotal": found.goods,
        **_free_delivery(found.goods),
    }
    return render(request, "components/cart_added.html", context)


def _tell(request, line):
    if line.notice:
        messages.warning(request, line.notice)


def _free_delivery(goods: Money) -> dict:
    """How far it is to free delivery, by what the shop announces; the checkout's tables decide."""
    shop = Shop.current()
    free_from = shop.free_delivery_from_minor
    if not free_from or goods.currency != shop.currency:
        return {}
    missing = Money(max(0, free_from - goods.minor), goods.currency)
    return {"missing": missing, "share": min(100, goods.minor * 100 // free_from)}
