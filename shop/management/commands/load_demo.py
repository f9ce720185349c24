"""Fill the shop with the Isoline demo. Safe to run again: what is there stays, what is missing comes.

manage.py load_demo               everything
manage.py load_demo --orders 0    without orders
"""

import time
from collections.abc import Callable
from typing import IO, cast

from django.conf import settings
from django.core.management.base import BaseCommand
from rich.console import Console

from orders.models import Order
from shop.demo import (
    catalogue,
    checkout,
    finding,
    german,
    gifts,
    house,
    people,
    prices,
    promotions,
    support,
    voices,
    wishes,
)
from shop.demo import orders as stories
from support.models import Ticket


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--orders", type=int, default=36, help="how many orders, in every state")

    def handle(self, *args, orders: int, **options):
        console = Console(file=cast(IO[str], self.stdout._out), highlight=False, soft_wrap=True)
        steps = self.steps(orders)
        for number, (title, load) in enumerate(steps, start=1):
            began = time.monotonic()
            with console.status(f"{number}/{len(steps)} {title} …") as self.status:
                made = load()
            told = ", ".join(f"{count} {what}" for what, count in made.items())
            console.print(f"  [green]✓[/green] {title}: {told} [dim]{time.monotonic() - began:.1f} s[/dim]")

    def steps(self, orders: int) -> list[tuple[str, Callable[[], dict[str, int]]]]:
        """(title, function that loads and says what there is now), in the order in which they need each other."""
        return [
            ("Shop and pages", house.load),
            ("Taxes and delivery", checkout.load),
            ("Catalogue", catalogue.load),
            ("Reviews and questions", voices.load),
            ("Frequent questions", lambda: {"answers": support.load_questions()}),
            ("Synonyms and collections", finding.load),
            ("German", german.load),
            ("Sellers and a shopper", people.load),
            ("Trade prices and sales", prices.load),
            ("Wishlists", wishes.load),
            ("Gift cards and credit", gifts.load),
            ("Orders in every state", lambda: self.orders(orders)),
            ("Conversations", self.conversations),
            ("Promotions and a code", promotions.load),
        ]

    def orders(self, count: int) -> dict[str, int]:
        if not settings.SHOP_STRIPE_SECRET_KEY:
            return {"orders (they are paid by card: name the simulator's keys, as bin/demo does)": 0}
        for number, _order in enumerate(stories.load(count), start=1):
            self.status.update(f"Orders in every state: {number} of {count} …")
        return {"orders": Order.objects.count()}

    def conversations(self) -> dict[str, int]:
        support.load_tickets(staff=people.seller("support"))
        return {"tickets": Ticket.objects.count()}
