"""Work out anew what is bought together and what is similar. The schedule does it every night.

manage.py recommend
manage.py recommend --dry-run   only say what there is to work from
"""

import time

from django.core.management.base import BaseCommand

from catalog import recommending
from catalog.models import ProductSearch, Sale


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say what there is to work from")

    def handle(self, *args, dry_run: bool, **options):
        if dry_run:
            orders = Sale.objects.values("reference").distinct().count()
            listed = ProductSearch.objects.filter(is_listed=True).count()
            self.stdout.write(f"{orders} orders, {listed} listed products.")
            return
        began = time.monotonic()
        made = recommending.recommend()
        parts = ", ".join(f"{rows} {kind}" for kind, rows in made.items())
        self.stdout.write(f"Recommendations: {parts} ({time.monotonic() - began:.1f} s).")
