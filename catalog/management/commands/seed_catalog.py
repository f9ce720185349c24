"""Add synthetic products, to measure the shop with a catalogue of any size. Their search rows, which cost the most, are
written by several processes.

manage.py seed_catalog --products 100000
manage.py seed_catalog --products 100000 --dry-run
"""

import multiprocessing
import os
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import IO, cast

import django
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalog.finding.refreshing import refresh
from catalog.models import Product
from catalog.seeding import BATCH, Show, seed


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--products", type=int, required=True)
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
        parser.add_argument("--dry-run", action="store_true", help="only say what would be added")

    def handle(self, *args, products: int, processes: int, dry_run: bool, **options):
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
        alone = processes < 2 or products <= BATCH
        with Progress(*columns, console=console) as progress, refreshing(0 if alone else processes) as show:
            task = progress.add_task("", total=products)
            added = seed(products, show=show, told=lambda done: progress.update(task, completed=done))
        seconds = time.monotonic() - began
        self.stdout.write(f"{added} products added in {seconds:.1f} s ({added / seconds:.0f} a second).")


@contextmanager
def refreshing(processes: int) -> Iterator[Show]:
    """Refresh here, or in processes of their own; then all is written when the block ends. A failure is raised here."""
    if not processes:
        yield refresh
        return
    spawn = multiprocessing.get_context("spawn")
    waiting: deque[Future] = deque()
    with ProcessPoolExecutor(processes, mp_context=spawn, initializer=django.setup) as pool:

        def show(ids: list[int]) -> None:
            waiting.append(pool.submit(refresh, ids))
            if len(waiting) > 2 * processes:  # not further ahead than that
                waiting.popleft().result()

        yield show
        for one in waiting:
            one.result()
