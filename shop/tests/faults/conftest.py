"""A shop floor for the fault tests: something to sell, taxes, delivery, and the programs that a case needs.

After each test the books are checked (`books`), unless it says that it has broken them on purpose.
"""

import logging
from types import SimpleNamespace

import pytest
from celery import current_app
from redis import Redis

from catalog.tests.factories import make_variant
from checkout.tests.factories import make_tax, make_zone
from shop.core import integrity, outbox
from shop.core.models import Page
from shop.dev import valkey as own_valkey
from shop.tests.faults.buyers import Buyer, Visitor
from shop.tests.faults.mailbox import open_mailbox
from shop.tests.faults.servers import Servers

WAITS_BY_DESIGN = ("N17-outbox",)  # moments are moved by the tests, and nobody is at work in most of them


@pytest.fixture
def books(transactional_db):
    """Whatever happened, the books are right at the end; `books.are_broken_on_purpose()` for controls."""
    state = SimpleNamespace(checked=True)
    state.are_broken_on_purpose = lambda: setattr(state, "checked", False)
    yield state
    if state.checked:
        found = {
            code: words for code, words in integrity.run().items() if words and code not in WAITS_BY_DESIGN
        }
        assert found == {}


@pytest.fixture
def shop_floor(books):
    """Sells from Austria, delivers to Austria and Germany, has terms."""
    make_tax("AT", "20", is_eu=True)
    make_tax("DE", "19", is_eu=True)
    make_zone()
    Page.objects.create(slug="terms", title="Terms", body="<p>Fair.</p>", version=3)


@pytest.fixture
def empty_floor(books, live_server, settings):
    """The shop, with nothing in it, served over HTTP by this very process, so that a test can take its guards away."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.SHOP_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return SimpleNamespace(
        url=live_server.url,
        buyer=lambda: Buyer(live_server.url),
        visitor=lambda: Visitor(live_server.url),
        sells=lambda stock, **over: make_variant(stock=stock, **over),
    )


@pytest.fixture
def floor(shop_floor, empty_floor):
    return empty_floor


@pytest.fixture(autouse=True)
def _calm(caplog):
    """The mail server of the tests need not tell of every connection."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)


@pytest.fixture(scope="session")
def valkey_process(tmp_path_factory):
    with own_valkey.running(tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture
def valkey_server(valkey_process):
    """A Valkey that nobody else uses: it may be emptied, and is empty at the start."""
    with Redis.from_url(valkey_process.url()) as client:
        client.flushall()
    return valkey_process


@pytest.fixture
def broker(valkey_server, monkeypatch):
    """This process wakes the same workers as the programs under test; the address of the broker."""
    app, before = current_app._get_current_object(), current_app.conf.broker_url
    app.conf.broker_url = valkey_server.url()
    app._after_fork()  # forgets its open connections
    monkeypatch.setattr(outbox, "_rests_until", 0.0)
    yield app.conf.broker_url
    app.conf.broker_url = before
    app._after_fork()


@pytest.fixture
def mailbox():
    with open_mailbox() as box:
        yield box


@pytest.fixture(scope="session")
def web_server(django_db_setup, valkey_process, stripe_process, tmp_path_factory):
    told = {
        "SHOP_STRIPE_SECRET_KEY": stripe_process.secret_key,
        "SHOP_STRIPE_PUBLISHABLE_KEY": stripe_process.publishable_key,
        "SHOP_STRIPE_WEBHOOK_SECRETS": stripe_process.webhook_secret,
        "SHOP_STRIPE_API_BASE": stripe_process.url,
        "SHOP_STRIPE_CHECKOUT_BASE": stripe_process.url,
        "SHOP_STRIPE_TIMEOUT": "1,2",
        "EMAIL_URL": "smtp://127.0.0.1:1",
    }
    with Servers(tmp_path_factory.mktemp("web"), valkey_process.url(), told) as servers:
        yield servers.web()


@pytest.fixture
def web(web_server, shop_floor, valkey_server):
    """The shop served by a process of its own that nothing bad happens to."""
    return web_server


@pytest.fixture
def servers(shop_floor, valkey_server, mailbox, tmp_path):
    """Starts the shop's programs as processes of their own; mails go to `mailbox`."""
    more = {"EMAIL_URL": mailbox.url}
    with Servers(tmp_path, valkey_server.url(), more) as running:
        yield running
