"""The shop refuses to start with a Stripe that is not Stripe, wherever real money could be meant."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

REAL = "https://api.stripe.com"


@register()
def stripe_is_stripe(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    key, base = settings.SHOP_STRIPE_SECRET_KEY, settings.SHOP_STRIPE_API_BASE.rstrip("/")
    if not key or base == REAL:
        return []
    found: list[CheckMessage] = []
    if settings.PRODUCTION:
        found.append(
            Error(
                "SHOP_STRIPE_API_BASE names a simulator; production talks to Stripe itself.", id="till.E101"
            )
        )
    if not key.startswith(("sk_test_", "rk_test_")):
        found.append(Error("Only a test key may be sent anywhere but to Stripe.", id="till.E102"))
    if not _is_loopback(base):
        found.append(Error("A simulated Stripe must be on this machine (127.0.0.1).", id="till.E103"))
    return found


@register()
def live_keys_in_production_only(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    is_live = settings.SHOP_STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))
    if is_live and (settings.DEBUG or not settings.PRODUCTION):
        return [Error("A live Stripe key needs SHOP_ENV=production and SHOP_DEBUG off.", id="till.E104")]
    return []


def _is_loopback(base: str) -> bool:
    host = urlsplit(base).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
