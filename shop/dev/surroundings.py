"""The environment that the demo hands to its programs: development settings, addresses, and keys of its own.

Also written to `.data/<port>/env`, so that any command can be run against the running shop:
`set -a; . .data/8000/env; set +a; .venv/bin/python manage.py doctor`.
"""

import os
import shlex
from dataclasses import dataclass

from shop.dev.carrier_sim import tokens as accounts
from shop.dev.files import write_private
from shop.dev.place import Place
from shop.dev.ports import HOST


@dataclass(frozen=True)
class Addresses:
    """Where everything listens."""

    shop: int
    stripe: int
    carrier: int
    vies: int
    database_url: str
    redis_url: str


def for_demo(place: Place, *, at: Addresses) -> dict[str, str]:
    """The demo's own variables; what the person set for mail and logs stays."""
    stripe, carrier = f"http://{HOST}:{at.stripe}", f"http://{HOST}:{at.carrier}"
    return {
        "SHOP_ENV": "development",
        "SHOP_DEBUG": "0",
        "SHOP_URL": f"http://{HOST}:{at.shop}",
        "SHOP_DATA": str(place.folder),
        "SHOP_LANGUAGES": os.environ.get("SHOP_LANGUAGES", "en,de"),
        "SECRET_KEY": place.secret("django"),
        "DATABASE_URL": at.database_url,
        "REDIS_URL": at.redis_url,
        "SHOP_BANK_IBAN": "AT611904300234573201",  # an example of the standard's own, nobody's account
        "SHOP_BANK_BIC": "BKAUATWW",
        "SHOP_BANK_HOLDER": "Isoline GmbH",
        "SHOP_STRIPE_SECRET_KEY": "sk_test_" + place.secret("stripe-secret"),
        "SHOP_STRIPE_PUBLISHABLE_KEY": "pk_test_" + place.secret("stripe-publishable"),
        "SHOP_STRIPE_WEBHOOK_SECRETS": "whsec_" + place.secret("stripe-webhook"),
        "SHOP_STRIPE_API_BASE": stripe,
        "SHOP_STRIPE_JS_URL": f"{stripe}/v3/",
        "SHOP_STRIPE_CHECKOUT_BASE": stripe,
        "SHOP_VIES_URL": f"http://{HOST}:{at.vies}",
        **_carriers(place, url=carrier),
    }


def _carriers(place: Place, *, url: str) -> dict[str, str]:
    """The simulated carriers' address and the accounts that they know."""
    return {
        "SHOP_UPS_URL": url,
        "SHOP_UPS_CLIENT_ID": accounts.UPS_CLIENT[0],
        "SHOP_UPS_CLIENT_SECRET": accounts.UPS_CLIENT[1],
        "SHOP_UPS_ACCOUNT": accounts.UPS_ACCOUNT,
        "SHOP_UPS_WEBHOOK_CREDENTIAL": place.secret("ups-webhook"),
        "SHOP_FEDEX_URL": url,
        "SHOP_FEDEX_CLIENT_ID": accounts.FEDEX_SHIP_CLIENT[0],
        "SHOP_FEDEX_CLIENT_SECRET": accounts.FEDEX_SHIP_CLIENT[1],
        "SHOP_FEDEX_ACCOUNT": accounts.FEDEX_ACCOUNT,
        "SHOP_FEDEX_TRACK_CLIENT_ID": accounts.FEDEX_TRACK_CLIENT[0],
        "SHOP_FEDEX_TRACK_CLIENT_SECRET": accounts.FEDEX_TRACK_CLIENT[1],
        "SHOP_FEDEX_WEBHOOK_TOKEN": place.secret("fedex-webhook"),
    }


def whole(own: dict[str, str]) -> dict[str, str]:
    """What a child gets: the surroundings we were started in, with ours on top and no other shop's settings."""
    foreign = ("SHOP_STRIPE_", "SHOP_UPS_", "SHOP_FEDEX_", "SHOP_VIES_", "DJANGO_SETTINGS_MODULE")
    inherited = {name: text for name, text in os.environ.items() if not name.startswith(foreign)}
    return {**inherited, "PYTHONUNBUFFERED": "1", **own}


def write_down(place: Place, *, own: dict[str, str]) -> None:
    lines = [f"{name}={shlex.quote(value)}\n" for name, value in own.items()]
    write_private(place.folder / "env", "".join(lines))
