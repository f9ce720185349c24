"""People who buy over HTTP without JavaScript: cookies, forms as they stand in the page, every page that a person passes.

A visitor follows no redirect unasked, so that a test sees each answer. Many at once start together (`at_once`).
"""

import json
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core import signing

from cart import finding as carts
from catalog.models import Variant
from checkout import finding as checkouts
from checkout.models import Checkout
from shop.tests.faults.pages import Form, Reader

PATIENCE = 30.0
COD, CARD = "cash_on_delivery", "stripe"
PERSON = {
    "name": "Ada Lovelace",
    "country": "AT",
    "street": "Stephansplatz 1",
    "postcode": "1010",
    "city": "Wien",
}
_numbers = count(1)


@dataclass
class Page:
    """One answer."""

    url: str
    status: int
    headers: Mapping[str, str]
    text: str
    seconds: float = 0.0

    @cached_property
    def _read(self) -> Reader:
        return Reader(self.text)

    @property
    def forms(self) -> list[Form]:
        return self._read.forms

    @property
    def links(self) -> list[str]:
        return self._read.links

    @property
    def leads_to(self) -> str:
        """The path of a redirect; empty where there is none."""
        return urlsplit(self.headers.get("Location", "")).path

    @property
    def json(self) -> dict:
        return json.loads(self.text)

    def form(self, action: str) -> Form:
        """The form that posts to `action`; an empty action is the page's own address."""
        here = urlsplit(self.url).path
        for one in self.forms:
            if one.method == "post" and (one.action or here) == action:
                return one
        raise AssertionError(
            f"{self.url} has no form that posts to {action}: {[f.action for f in self.forms]}"
        )


class TurnedAway(AssertionError):
    """The shop led somewhere else than on; `page` is its answer."""

    def __init__(self, step: str, page: Page):
        super().__init__(f"{step}: {page.status} {page.leads_to}")
        self.page = page


def on(step: str, page: Page, *, to: str) -> Page:
    """The answer, if it leads `to` where it should."""
    if page.leads_to != to:
        raise TurnedAway(step, page)
    return page


@dataclass
class Visitor:
    """One browser. `address` is told as X-Forwarded-For: many customers do not share one."""

    url: str
    address: str = ""
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self):
        number = next(_numbers)
        self.address = self.address or f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"
        self.session.trust_env = False

    def get(self, path: str, **headers: str) -> Page:
        return self._ask("GET", path, headers, None)

    def post(self, path: str, fields: Any = None, **headers: str) -> Page:
        """As from a page of the shop itself, unless `headers` say otherwise (None leaves one out)."""
        ours = {"Origin": self.url, "Sec-Fetch-Site": "same-origin"}
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._ask("POST", path, ours | told, fields or {})

    def submit(self, page: Page, action: str, /, **over: str) -> Page:
        """Send the page's form that posts to `action`, with some of it filled in."""
        return self.post(action, page.form(action).fields | over)

    def follow(self, page: Page) -> Page:
        while page.status in (301, 302, 303, 307, 308):
            page = self.get(urljoin(page.url, page.headers["Location"]).removeprefix(self.url))
        return page

    def sign_in(self, email: str, password: str) -> Page:
        form = self.get("/account/login/")
        done = self.submit(form, "/account/login/", login=email, password=password)
        assert done.status == 302, f"{email} could not sign in: {done.status}"
        return done

    def is_signed_in(self) -> bool:
        return self.get("/account/").status == 200

    def _ask(self, method: str, path: str, headers: Mapping[str, Any], data: Any) -> Page:
        told = {"X-Forwarded-For": self.address, "Accept": "text/html"} | dict(headers)
        answer = self.session.request(
            method, self.url + path, data=data, headers=told, allow_redirects=False, timeout=PATIENCE
        )
        return Page(
            answer.url, answer.status_code, answer.headers, answer.text, answer.elapsed.total_seconds()
        )


class Buyer(Visitor):
    """Who wants something."""

    def fill_cart(self, lines: Mapping[Variant, int]) -> "Buyer":
        for variant, quantity in lines.items():
            on(
                "adding",
                self.post("/cart/lines/", {"variant": variant.pk, "quantity": quantity}),
                to="/cart/",
            )
        return self

    def start(self) -> Page:
        """The cart's button."""
        cart = self.get("/cart/")
        return self.submit(cart, "/checkout/") if '"/checkout/"' in cart.text else cart

    def fill_in(self, page: Page, *, email: str = "ada@example.com") -> Page:
        """Details and delivery; the payment page."""
        told = self.submit(page, "/checkout/details/", email=email, **PERSON)
        page = self.follow(on("details", told, to="/checkout/delivery/"))
        return self.follow(on("delivery", self.submit(page, "/checkout/delivery/"), to="/checkout/payment/"))

    def to_payment(self, lines: Mapping[Variant, int], *, email: str = "ada@example.com") -> Page:
        """From an empty cart to the payment page."""
        started = on("start", self.fill_cart(lines).start(), to="/checkout/details/")
        return self.fill_in(self.follow(started), email=email)

    def stands_at(self, checkout: Checkout) -> Page:
        """The payment page of a checkout that was made and filled in elsewhere: the short way for crowds."""
        session = SessionStore()
        session[checkouts.KEY] = checkout.token
        session.save()
        name = settings.SHOP_CART_COOKIE_NAME
        signed = signing.get_cookie_signer(salt=name + carts.SALT).sign(checkout.cart.token)
        self.session.cookies.update({settings.SESSION_COOKIE_NAME: session.session_key, name: signed})
        return self.get("/checkout/payment/")

    def press(self, page: Page, *, gateway: str = COD, **headers: str) -> Page:
        """The button of the payment page."""
        return self.post("/orders/", page.form("/orders/").fields | {"gateway": gateway}, **headers)

    def begin_card(self, page: Page) -> Page:
        """As the script of the payment page does: the answer holds a secret for the Payment Element."""
        return self.press(page, gateway=CARD, Accept="application/json")

    def confirm_card(self, started: Page, *, card: str = "pm_card_visa") -> requests.Response:
        """What the Payment Element tells Stripe, with the shop's publishable key."""
        secret = started.json["client_secret"]
        return self.session.post(
            f"{settings.SHOP_STRIPE_API_BASE}/v1/payment_intents/{secret.split('_secret_')[0]}/confirm",
            auth=(settings.SHOP_STRIPE_PUBLISHABLE_KEY, ""),
            data={
                "client_secret": secret,
                "payment_method": card,
                "return_url": started.json["return_url"],
            },
            timeout=PATIENCE,
        )

    def has_cart(self) -> bool:
        return bool([form for form in self.get("/cart/").forms if form.action == "/checkout/"])


def number_of(where: Page | str) -> str:
    """Of the order that a redirect (or a path) leads to; empty where it leads elsewhere."""
    path = where if isinstance(where, str) else where.leads_to
    parts = path.split("?")[0].strip("/").split("/")
    return parts[1] if len(parts) == 2 and parts[0] == "orders" else ""


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """What each call returned; all start at the same moment. The first exception is raised."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        barrier.wait(timeout=PATIENCE)
        return call()

    return in_parallel([lambda call=call: run(call) for call in calls])


def in_parallel(calls: list[Callable[[], Any]], *, most: int | None = None) -> list[Any]:
    with ThreadPoolExecutor(most or max(1, len(calls))) as pool:
        return [done.result() for done in [pool.submit(call) for call in calls]]
