"""What buyers were told, held against what is in the books when the storm is over.

Each purchase ends in one of three ways: ok (an order number was seen), refused (the shop said no), or unknown (no answer).
Every ok order exists once, a refused one does not, an unknown one at most once; what was sold never exceeds the stock.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import requests

from catalog.models import StockItem, Variant
from orders.models import Order
from shop.tests.faults.buyers import CARD, COD, Buyer, Page, TurnedAway, number_of

TRIES = 6  # how often a person presses again who got no answer


@dataclass
class Purchase:
    email: str
    pieces: int
    gateway: str
    outcome: str = "unknown"
    number: str = ""


@dataclass
class Crowd:
    """People who keep buying `variant` until told to stop. `strange` collects answers that nobody should see."""

    url: str
    variant: Variant
    seed: int
    purchases: list[Purchase] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def keep_buying(self, who: int) -> None:
        chance = random.Random(f"{self.seed}-{who}")
        turn = 0
        while not self.stopped.is_set():
            turn += 1
            gateway = chance.choice([COD, CARD])
            purchase = Purchase(f"p{who}-{turn}@example.com", chance.randint(1, 3), gateway)
            self.purchases.append(purchase)
            self._buy(purchase)

    def ended(self) -> int:
        return sum(purchase.outcome != "unknown" for purchase in list(self.purchases))

    def _buy(self, purchase: Purchase) -> None:
        ready = self._patiently(lambda: self._to_the_button(purchase))
        if ready is None:
            purchase.outcome = "refused"  # never came to the button
        elif self._patiently(lambda: self._press(*ready, purchase)) is not None:
            purchase.outcome = "ok" if purchase.number else "refused"

    def _to_the_button(self, purchase: Purchase) -> tuple[Buyer, Page]:
        """Whoever gets no answer on the way begins anew."""
        buyer = Buyer(self.url)
        return buyer, buyer.to_payment({self.variant: purchase.pieces}, email=purchase.email)

    def _press(self, buyer: Buyer, page: Page, purchase: Purchase) -> Page:
        """The button, and for cards what follows: confirmed at Stripe, back to the shop."""
        if purchase.gateway == COD:
            answer = buyer.press(page)
            purchase.number = number_of(answer.leads_to)
            return self._seen(answer)
        started = self._seen(buyer.begin_card(page))
        if "client_secret" not in started.text:
            purchase.number = number_of(started.json.get("redirect", ""))
            return started
        purchase.number = started.json["payment_url"].strip("/").split("/")[1]
        buyer.confirm_card(started).raise_for_status()
        return self._seen(buyer.get(started.json["return_url"].removeprefix(self.url)))

    def _patiently(self, do: Callable):
        """What `do` returns; None when the shop said no, or did not answer however often it was asked."""
        for _try in range(TRIES):
            try:
                return do()
            except TurnedAway as refusal:
                if refusal.page.status != 422 and refusal.page.leads_to != "/cart/":
                    self.strange.append(str(refusal))
                return None
            except requests.RequestException:
                continue
        return None

    def _seen(self, answer: Page) -> Page:
        if answer.status >= 500:
            self.strange.append(f"{answer.url}: {answer.status}")
        return answer


def contradictions(purchases: list[Purchase], *, stock: int) -> list[str]:
    """Sentences, none of which is good news."""
    found = []
    for purchase in purchases:
        orders = list(Order.objects.filter(email=purchase.email).values_list("number", flat=True))
        wanted = [purchase.number] if purchase.outcome == "ok" else []
        if purchase.outcome == "unknown":
            if len(orders) > 1:
                found.append(f"{purchase.email} got no answer and has {orders}")
        elif orders != wanted:
            found.append(f"{purchase.email} was told {purchase.outcome} {purchase.number!r} and has {orders}")
    item = StockItem.objects.get()
    promised = sum(
        line.quantity - line.cancelled for order in Order.objects.all() for line in order.lines.all()
    )
    if not item.reserved <= item.on_hand == stock or promised > item.reserved:
        found.append(
            f"{promised} pieces sold, {item.reserved} reserved of {item.on_hand}, there were {stock}"
        )
    return found
