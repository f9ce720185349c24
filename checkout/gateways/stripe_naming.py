"""What we write on Stripe's objects, so that they are found again."""

from urllib.parse import urlsplit

from django.conf import settings


def shop_name() -> str:
    """Several shops may share one account; each looks only at its own."""
    return urlsplit(settings.SHOP_URL).netloc
