"""What a visitor would never see and a shop must not have: script errors, broken policies, lost files, card data on our side.

A browser that is watched tells everything at the end of the journey (`Watch.verdict`). What is meant to go wrong is
announced before (`expects`).
"""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

from shop.dev.stripe_sim.cards import BY_NUMBER

VIOLATIONS = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.effectiveDirective} refused ${event.blockedURI} on ${location.pathname}`))"""


class Watch:
    """Over one visitor's browser."""

    def __init__(self, context: BrowserContext, *, shop_url: str):
        self.host = urlsplit(shop_url).netloc
        self.complaints: list[str] = []
        self.told_us: list[bytes] = []  # every request to the shop: address, and what was sent with it
        self.told_others: list[bytes] = []
        self._expected: list[str] = []
        context.add_init_script(VIOLATIONS)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("request", self._asked)
        context.on("response", self._answered)

    def expects(self, pattern: str) -> None:
        """A complaint that this journey provokes on purpose."""
        self._expected.append(pattern)

    def verdict(self) -> list[str]:
        """Everything that is wrong."""
        unexpected = [
            words for words in self.complaints if not any(re.search(one, words) for one in self._expected)
        ]
        leaks = [f"card data was sent to the shop: {one[:80]!r}" for one in self.told_us if has_card(one)]
        return unexpected + leaks

    def posts(self, path: str) -> list[bytes]:
        """What was posted to this path of the shop."""
        start = f"POST {path} ".encode()
        return [told for told in self.told_us if told.startswith(start)]

    def _heard(self, message: ConsoleMessage) -> None:
        about = urlsplit(message.location["url"] if message.location else "").netloc
        is_network = message.text.startswith("Failed to load resource")
        if message.type == "error" and not (is_network and about != self.host):
            self.complaints.append(f"console: {message.text} ({message.location.get('url')})")

    def _asked(self, request: Request) -> None:
        url = urlsplit(request.url)
        told = f"{request.method} {url.path} {url.query} ".encode() + (request.post_data_buffer or b"")
        (self.told_us if url.netloc == self.host else self.told_others).append(told)

    def _answered(self, response: Response) -> None:
        if urlsplit(response.url).netloc == self.host and response.status >= 500:
            self.complaints.append(f"{response.status} from {response.url}")


def has_card(told: bytes) -> bool:
    """Whether one of the test cards' numbers is in it, however it is written."""
    digits = re.sub(rb"%20|[^0-9]", b"", told)
    return any(number.encode() in digits for number in BY_NUMBER)
