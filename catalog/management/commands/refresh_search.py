"""Write search rows anew: after changes that bypassed the shop, or when check_integrity says that lists show something wrong.

manage.py refresh_search                 every product
manage.py refresh_search contour-eleven  those named by slug
manage.py refresh_search --dry-run
"""

import time
from typing import IO, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import track

from catalog.models import Product
from catalog.refreshing import BATCH, forget_words, refresh


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("slugs", nargs="*", metavar="SLUG")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be written")

    def handle(self, *args, slugs: list[str], dry_run: bool, **options):
        products = Product.objects.filter(slug__in=slugs) if slugs else Product.objects.all()
        ids = list(products.order_by("pk").values_list("pk", flat=True))
        if slugs and len(ids) < len(set(slugs)):
            known = set(products.values_list("slug", flat=True))
            raise CommandError(f"There is no product {', '.join(sorted(set(slugs) - known))}.")
        if dry_run:
            self.stdout.write(f"Would refresh {len(ids)} products.")
            return
        began = time.monotonic()
        if not slugs:
            forget_words()
        console = Console(file=cast(IO[str], self.stdout._out), soft_wrap=True)
        batches = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
        for batch in track(batches, description="Products", console=console, transient=True):
            refresh(batch)
        self.stdout.write(f"{len(ids)} products refreshed in {time.monotonic() - began:.1f} s.")
