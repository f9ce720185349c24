from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cart import adding
from cart.finding import cart_of, keeps_cart
from shop.core.http import private, same_origin, see_other
from shop.core.models import Shop


@same_origin
@require_POST
@private
@keeps_cart
def choose(request):
    """From the footer of every page: prices, and the cart, in another currency of the shop."""
    shop = Shop.current()
    currency = request.POST.get("currency", "")
    response = see_other(_back(request))
    if currency not in shop.currencies:
        return response
    cart = cart_of(request)
    if cart is not None and cart.currency != currency:
        _tell(request, adding.change_currency(cart, currency=currency), currency)
    if currency == shop.currency:
        response.delete_cookie(settings.SHOP_CURRENCY_COOKIE_NAME, samesite="Lax")
    else:
        response.set_cookie(
            settings.SHOP_CURRENCY_COOKIE_NAME,
            currency,
            max_age=settings.SHOP_CART_DAYS * 24 * 3600,
            secure=settings.SHOP_IS_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _back(request) -> str:
    """The page it was chosen on; only one of ours."""
    referer = urlsplit(request.headers.get("Referer", ""))
    path = f"{referer.path}?{referer.query}" if referer.query else referer.path
    here = referer.netloc == request.get_host() and path
    return path if here and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else "/"


def _tell(request, unsold, currency) -> None:
    if unsold:
        names = ", ".join(line.variant.full_name for line in unsold)
        text = _("Not sold in %(currency)s, and not counted in your cart: %(names)s")
        messages.warning(request, text % {"currency": currency, "names": names})
