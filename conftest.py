"""What all tests share: nobody leaves this machine, and whoever wants Stripe gets the simulator over real HTTP."""

import ipaddress
import socket
from collections.abc import Iterator

import pytest

pytest_plugins = ["shop.dev.pytest_browser", "shop.dev.pytest_database"]


class LeftTheMachine(AssertionError):
    """A test tried to reach something that is not on this machine."""


@pytest.fixture(autouse=True, scope="session")
def only_loopback() -> Iterator[None]:
    """Sockets connect to this machine only."""

    def guarded(call):
        def connect(self, address):
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
                raise LeftTheMachine(f"a test tried to reach {address}")
            return call(self, address)

        return connect

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
        yield


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(autouse=True)
def nothing_kept_of_other_tests() -> None:
    """What a test rolls back must not live on in the cache: there it begins without price lists, menus and delivery."""
    from django.core.cache import cache

    from cart.gifting import KEPT_KEY as GIFTS
    from cart.offering import forget_kept
    from catalog.context import MENU_KEY
    from catalog.finding.tallying import OFTEN_KEY
    from catalog.prices.reading import KEY, SECONDS
    from checkout.shipping_rates import KEPT_KEY

    cache.set(KEY, (), SECONDS)
    forget_kept()
    cache.delete_many([f"{GIFTS}:{currency}" for currency in ("EUR", "CHF")])
    cache.delete_many([MENU_KEY, *(f"{OFTEN_KEY}:{one}" for one in ("en", "de"))])
    cache.delete_many([f"{KEPT_KEY}:{country}" for country in ("AT", "DE", "US")])


@pytest.fixture(scope="session")
def stripe_process():
    from shop.dev.stripe_sim.running import RunningSim

    with RunningSim() as sim:
        yield sim


@pytest.fixture
def stripe(stripe_process, settings, tmp_path):
    """The simulator, empty, with the shop's settings pointed at it. Its requests are recorded and held against Stripe's own
    description of its API when the test ends."""
    from checkout.gateways.tests.stripe_contract import check_recording

    stripe_process.reset()
    settings.SHOP_STRIPE_SECRET_KEY = stripe_process.secret_key
    settings.SHOP_STRIPE_PUBLISHABLE_KEY = stripe_process.publishable_key
    settings.SHOP_STRIPE_WEBHOOK_SECRETS = [stripe_process.webhook_secret]
    settings.SHOP_STRIPE_API_BASE = settings.SHOP_STRIPE_CHECKOUT_BASE = stripe_process.url
    settings.SHOP_STRIPE_JS_URL = stripe_process.js_url
    settings.SHOP_STRIPE_TIMEOUT = (1.0, 2.0)
    settings.SHOP_STRIPE_MAX_NETWORK_RETRIES = 1
    settings.SHOP_STRIPE_RECORD = str(tmp_path / "stripe.jsonl")
    yield stripe_process
    stripe_process.post_nowhere()
    if (tmp_path / "stripe.jsonl").exists():
        check_recording(tmp_path / "stripe.jsonl")


@pytest.fixture
def deliver():
    """Do what workers would: run every reaction that is due, until none is left. Returns how many ran."""
    from shop.core.outbox import deliver_due

    return deliver_due


@pytest.fixture(scope="session")
def carriers_process():
    from shop.dev.carrier_sim.running import RunningSim

    with RunningSim() as sim:
        yield sim


@pytest.fixture
def carriers(carriers_process, settings):
    """UPS and FedEx, played by the simulator over real HTTP; the shop has accounts with both. Empty at the start."""
    from shop.dev.carrier_sim import tokens

    carriers_process.reset()
    settings.SHOP_CARRIER_TIMEOUT = 5
    settings.SHOP_UPS_URL = settings.SHOP_FEDEX_URL = carriers_process.url
    settings.SHOP_UPS_CLIENT_ID, settings.SHOP_UPS_CLIENT_SECRET = tokens.UPS_CLIENT
    settings.SHOP_UPS_ACCOUNT = tokens.UPS_ACCOUNT
    settings.SHOP_FEDEX_CLIENT_ID, settings.SHOP_FEDEX_CLIENT_SECRET = tokens.FEDEX_SHIP_CLIENT
    settings.SHOP_FEDEX_TRACK_CLIENT_ID, settings.SHOP_FEDEX_TRACK_CLIENT_SECRET = tokens.FEDEX_TRACK_CLIENT
    settings.SHOP_FEDEX_ACCOUNT = tokens.FEDEX_ACCOUNT
    settings.SHOP_UPS_WEBHOOK_CREDENTIAL = settings.SHOP_FEDEX_WEBHOOK_TOKEN = "told-to-nobody-else"
    return carriers_process
