"""Write search rows anew: after changes that bypassed the shop or an upgrade that says so, or when check_integrity says that
lists show something wrong. The shop goes on meanwhile; running it twice does no harm.

manage.py reindex                 every product, in the order of their ids
manage.py reindex --after 41500   from there on: what a run that was stopped tells
manage.py reindex contour-eleven  those named by slug
manage.py reindex --dry-run
"""

import time
from typing import IO, cast

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Max, QuerySet
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalog.finding.refreshing import BATCH, forget_words, refresh
from catalog.models import Product


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("slugs", nargs="*", metavar="SLUG")
        parser.add_argument(
            "--after", type=int, default=0, metavar="ID", help="only products with a higher id"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would be written")

    def handle(self, *args, slugs: list[str], after: int, dry_run: bool, **options):
        products = Product.objects.filter(pk__gt=after)
        if slugs:
            products = products.filter(slug__in=slugs)
            self._check(products, slugs)
        total = products.count()
        if dry_run:
            self.stdout.write(f"Would write {total} products anew.")
            return
        if not slugs and not after:
            forget_words()
        began = time.monotonic()
        self._write(products, after=after, total=total)
        seconds = time.monotonic() - began
        rate = total / max(seconds, 0.001)
        self.stdout.write(f"{total} products written anew in {seconds:.1f} s ({rate:.0f} a second).")

    def _check(self, products: QuerySet[Product], slugs: list[str]) -> None:
        if unknown := set(slugs) - set(products.values_list("slug", flat=True)):
            raise CommandError(f"There is no product {', '.join(sorted(unknown))}.")

    def _write(self, products: QuerySet[Product], *, after: int, total: int) -> None:
        """Batch by batch, each in a transaction of its own, up to the highest id of now: later products write themselves."""
        last = products.aggregate(last=Max("pk"))["last"] or 0
        console = Console(file=cast(IO[str], self.stdout._out), soft_wrap=True)
        columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()]
        ids = products.filter(pk__lte=last).order_by("pk").values_list("pk", flat=True)
        with Progress(*columns, console=console) as progress:
            task = progress.add_task("Products", total=total)
            try:
                while batch := list(ids.filter(pk__gt=after)[:BATCH]):
                    refresh(batch)
                    after = batch[-1]
                    progress.update(task, advance=len(batch), description=f"Products up to id {after}")
            except BaseException:
                self.stderr.write(f"Stopped. Go on with: manage.py reindex --after {after}")
                raise
