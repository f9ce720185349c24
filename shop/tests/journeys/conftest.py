"""A shop that is open, behind a real server, with the simulated Stripe posting its webhooks to it; and visitors, watched.

What workers do is done when a journey says so (`shop.work()`): by the test itself, or by real programs that it waits for.
"""

import logging
from collections.abc import Callable
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django import conf
from playwright.sync_api import Page, expect

from checkout.gateways.stripe_client import client
from shop.core import integrity, outbox
from shop.core.models import Delivery
from shop.tests.faults.conftest import broker, valkey_process, valkey_server  # noqa: F401
from shop.tests.faults.mailbox import open_mailbox
from shop.tests.faults.servers import Servers, wait_until
from shop.tests.journeys import stocking
from shop.tests.journeys.watching import Watch

SECONDS = 15  # for anything that a visitor waits for
DESKTOP = {"width": 1360, "height": 900}
QUEUES = ("critical", "default", "mail")  # the pictures' renditions can wait


@pytest.fixture
def inbox(settings):
    """A real mail server; everything that the shop sends ends there."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    with open_mailbox() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield box


@pytest.fixture
def shop(transactional_db, live_server, settings, stripe, inbox):
    """Open. When the journey is over, the books are right."""
    settings.SHOP_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    settings.SHOP_STRIPE_TIMEOUT = (5.0, 20.0)
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"KEY_PREFIX": f"journey-{uuid4()}"}
    }  # nobody has tried before
    stripe.listen(f"{live_server.url}/hooks/stripe/")
    stocking.open_shop()

    def work() -> None:
        """What the provider still has to tell, and all that follows from it."""
        assert stripe.flush()
        for queue in QUEUES * 2:
            outbox.deliver_due(queue=queue)

    yield SimpleNamespace(url=live_server.url, stripe=stripe, at_stripe=client().v1, inbox=inbox, work=work)
    work()
    found = {code: words for code, words in integrity.run().items() if words}
    assert found == {}


@pytest.fixture
def servers(shop, broker, settings, tmp_path):  # noqa: F811
    """The shop's programs as processes of their own; from now on `shop.work()` waits until they have done everything."""
    carriers = [name for name in dir(conf.settings) if name.startswith(("SHOP_UPS_", "SHOP_FEDEX_"))]
    told = {name: getattr(settings, name) for name in carriers} | {
        "EMAIL_URL": shop.inbox.url,
        "SHOP_URL": shop.url,
        "SHOP_DATA": str(settings.BASE_DIR / ".data" / "test"),
    }

    def undone() -> list:
        waiting = Delivery.objects.open().filter(queue__in=QUEUES)
        return list(waiting.values_list("reaction", "attempts", "last_error"))

    def wait() -> None:
        assert shop.stripe.flush()
        try:
            wait_until(lambda: not undone(), seconds=SECONDS)
        except AssertionError as late:
            raise AssertionError(f"not done within {SECONDS} s: {undone()}") from late

    usual = shop.work
    with Servers(tmp_path, broker, told) as programs:
        shop.work = wait
        yield programs
        shop.work = usual


@pytest.fixture
def come_in(browser, shop) -> Callable[..., Page]:
    """Opens a browser of its own for one more visitor: `ada = come_in(java_script_enabled=False)`. Its Watch is `ada.watch`."""
    contexts = []
    expect.set_options(timeout=SECONDS * 1000)

    def enter(**options) -> Page:
        usual = {"viewport": DESKTOP, "reduced_motion": "reduce", "base_url": shop.url, "locale": "en-GB"}
        context = browser.new_context(**usual | options)
        context.set_default_timeout(SECONDS * 1000)
        page = context.new_page()
        page.watch = Watch(context, shop_url=shop.url)
        contexts.append((context, page.watch))
        return page

    yield enter
    for context, _watch in contexts:
        for page in context.pages:
            page.wait_for_load_state("networkidle")  # nothing may still be asked while the tables are emptied
        context.close()
    complaints = [words for _context, watch in contexts for words in watch.verdict()]
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def ada(come_in) -> Page:
    """A shopper at her desk."""
    return come_in()
