from django.contrib import messages
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cart.finding import cart_of, keeps_cart
from catalog import stock
from catalog.stock import OutOfStock
from checkout import filling, quoting
from checkout.finding import checkout_of, remember
from checkout.models import Checkout
from checkout.starting import NothingToBuy, start_checkout
from checkout.views.guards import sold_meanwhile, to_order
from shop.core import limits
from shop.core.http import client_ip, private, see_other

# Each start reserves goods: nobody may empty the shelves by starting over and over.
PER_VISITOR = {"limit": 120, "seconds": 900}


@require_http_methods(["GET", "POST"])
@private
@keeps_cart
def start(request):
    """POST: from the cart into the checkout. GET: to where one had got."""
    if request.method == "GET":
        return _go_on(request)
    cart = cart_of(request)
    if cart is None:
        return see_other("cart:cart")
    limits.hit(f"checkout:{client_ip(request)}", **PER_VISITOR)
    user = request.user if request.user.is_authenticated else None
    try:
        checkout = start_checkout(
            cart,
            user=user,
            language=get_language() or "en",
            country=request.POST.get("country", ""),
            postcode=request.POST.get("postcode", ""),
        )
    except NothingToBuy as refusal:
        messages.error(request, refusal.message)
        return see_other("cart:cart")
    except OutOfStock as refusal:
        return _to_unpaid_order(request, cart) or _sold(request, refusal)
    remember(request, checkout)
    return _next_page(checkout)


def _to_unpaid_order(request, cart):
    """What is missing may be kept for an order of this very cart, which waits for its payment."""
    if not cart.holder.startswith("order:") or not stock.promised(cart.holder):
        return None
    placed = (
        cart.checkouts.filter(status=Checkout.Status.COMPLETED).exclude(order_number="").latest("updated_at")
    )
    messages.info(request, _("You have ordered this already. It is kept for you until it is paid."))
    return see_other("orders:payment", placed.order_number)


def _sold(request, refusal):
    messages.error(request, sold_meanwhile(refusal))
    return see_other("cart:cart")


def _go_on(request):
    checkout = checkout_of(request)
    if checkout is None:
        return see_other("cart:cart")
    if checkout.status == Checkout.Status.COMPLETED:
        return to_order(checkout)
    return _next_page(checkout)


def _next_page(checkout):
    if filling.lacks_details(checkout):
        return see_other("checkout:details")
    step = filling.missing_step(checkout, quoting.quote(checkout)) or "payment"
    return see_other(f"checkout:{step}")
