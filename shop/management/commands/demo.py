"""The demo shop from one command; `bin/demo` calls it once the environment stands."""

import sys

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console


class Command(BaseCommand):
    help = "Start the demo shop with everything that it needs; Ctrl-C stops all of it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port", type=int, default=8000, help="the shop's port; each port is a shop of its own (8000)"
        )
        parser.add_argument("--reset", action="store_true", help="remove this port's data first")
        parser.add_argument("--orders", type=int, default=40, help="how many orders a fresh shop gets (40)")

    def handle(self, *args: object, port: int, reset: bool, orders: int, **options: object) -> None:
        from shop.dev import opening

        if not 1 <= port <= 65535:
            sys.exit(f"--port is a number from 1 to 65535, not {port}.")
        wishes = opening.Wishes(port=port, reset=reset, orders=orders)
        sys.exit(opening.run(wishes, console=Console()))
