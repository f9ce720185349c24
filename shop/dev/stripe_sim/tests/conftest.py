"""One simulator for all tests here, emptied before each; the pinned library as its client; a shop that takes webhooks."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import stripe

from shop.dev.stripe_sim.running import RunningSim, wait_until


@pytest.fixture(scope="session")
def running() -> Iterator[RunningSim]:
    with RunningSim() as sim:
        yield sim


@pytest.fixture
def sim(running: RunningSim) -> RunningSim:
    running.reset()
    return running


def client_of(sim: RunningSim, **options) -> stripe.StripeClient:
    options.setdefault("max_network_retries", 0)
    options.setdefault("http_client", stripe.RequestsClient(timeout=(2, 5)))
    return stripe.StripeClient(sim.secret_key, base_addresses={"api": sim.url}, **options)


@pytest.fixture
def api(sim: RunningSim):
    return client_of(sim).v1


@pytest.fixture
def pay(api):
    """Make and confirm a payment: `pay("pm_card_visa", amount=1200)`."""

    def made(method: str = "pm_card_visa", **params):
        base = {
            "amount": 1200,
            "currency": "eur",
            "confirm": True,
            "payment_method": method,
            "return_url": "https://shop.test/r",
        }
        return api.payment_intents.create(base | params)

    return made


class Mailbox(ThreadingHTTPServer):
    """A shop's webhook endpoint: keeps what it gets, answers what `answers` says (200 when it says nothing)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiver)
        self.got: list[tuple[bytes, str]] = []
        self.answers: list[int] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}/hooks/stripe/"

    def events(self, secret: str = RunningSim.webhook_secret) -> list[stripe.Event]:
        """What came, each verified by the library as a shop does."""
        return [stripe.Webhook.construct_event(body, header, secret) for body, header in self.got]

    def types(self) -> list[str]:
        return [event.type for event in self.events()]


class Receiver(BaseHTTPRequestHandler):
    server: Mailbox

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((body, self.headers["Stripe-Signature"]))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def mailbox(sim: RunningSim) -> Iterator[Mailbox]:
    server = Mailbox()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    sim.listen(server.url)
    yield server
    sim.post_nowhere()
    server.shutdown()
    server.server_close()


@pytest.fixture
def shop(sim) -> Iterator:
    """The little pay page of pay_page.py, on an origin of its own."""
    from shop.dev.stripe_sim.tests.pay_page import Shop

    server = Shop(sim)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser, shop) -> Iterator:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(8_000)
    page.wrong: list[str] = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    yield page
    context.close()
    assert not shop.violations, shop.violations
    assert not page.wrong, page.wrong


@pytest.fixture
def open_page(page, shop) -> Callable:
    """Open the pay page with these options and wait for the Element."""

    def opened(**options: str):
        query = "&".join(f"{name}={value}" for name, value in {"mode": "deferred", **options}.items())
        page.goto(f"{shop.url}/pay?{query}")
        wait_until(lambda: page.evaluate("seen.some((event) => event.name === 'ready')"))
        return page.frame_locator('iframe[title="Secure payment input frame"]')

    return opened
