"""Add synthetic products, to measure the shop with a catalogue of any size.

manage.py seed_catalog --products 100000
manage.py seed_catalog --products 100000 --dry-run
"""

import time
from typing import IO, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalog.models import Product
from catalog.seeding import seed


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--products", type=int, required=True)
        parser.add_argument("--dry-run", action="store_true", help="only say what would be added")

    def handle(self, *args, products: int, dry_run: bool, **options):
        if products < 1:
            raise CommandError("Say how many: --products 1000")
        if dry_run:
            self.stdout.write(
                f"Would add {products} products to the {Product.objects.count()} that are there."
            )
            return
        began = time.monotonic()
        console = Console(file=cast(IO[str], self.stdout._out), soft_wrap=True)
        columns = [TextColumn("Products"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()]
        with Progress(*columns, console=console) as progress:
            task = progress.add_task("", total=products)
            added = seed(products, told=lambda done: progress.update(task, completed=done))
        seconds = time.monotonic() - began
        self.stdout.write(f"{added} products added in {seconds:.1f} s ({added / seconds:.0f} a second).")
