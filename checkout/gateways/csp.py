"""Which pages may load Stripe.js, and what those pages may reach: the payment page and the pay page, nothing else.

Sources: Stripe's security guide (docs.stripe.com/security/guide#content-security-policy). Chromium applies form-action to
redirects too, hence the address of hosted Checkout. Stripe.js does not work on a cross-origin isolated page.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from csp.constants import SELF
from django.conf import settings


def payment_policy() -> dict[str, list[str]]:
    """Directives that take the place of the site's own on a payment page."""
    scripts, frames = _script_origins(), _script_origins()
    if settings.SHOP_STRIPE_API_BASE == "https://api.stripe.com":
        frames.append("https://hooks.stripe.com")
    return {
        "script-src": [SELF, *scripts],
        "frame-src": frames,
        "connect-src": [SELF, _origin(settings.SHOP_STRIPE_API_BASE)],
        "form-action": [SELF, _origin(settings.SHOP_STRIPE_CHECKOUT_BASE)],
    }


def payment_page(view: Callable) -> Callable:
    """The page may load Stripe.js. Goes outermost on the view."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if settings.SHOP_STRIPE_SECRET_KEY:
            response._csp_replace = payment_policy()
            response["Cross-Origin-Opener-Policy"] = "unsafe-none"
        return response

    return inner


def _script_origins() -> list[str]:
    origin = _origin(settings.SHOP_STRIPE_JS_URL)
    return [origin, "https://*.js.stripe.com"] if origin == "https://js.stripe.com" else [origin]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
