from django.shortcuts import render
from django.views.decorators.http import require_GET

from cart.finding import cart_of, keeps_cart
from cart.totals import count_of
from cart.wishing import wished
from shop.core.http import private


@require_GET
@private
@keeps_cart
def show(request):
    """The personal part of pages that are the same for everybody: name, cart count, what is on the wishlists."""
    return render(request, "components/visitor.html", visitor_context(request))


def visitor_context(request) -> dict:
    cart = cart_of(request)
    name = request.user.get_short_name() if request.user.is_authenticated else ""
    return {"account_name": name, "cart_count": count_of(cart), "wished": wished(cart)}
