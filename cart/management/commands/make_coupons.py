"""Make a batch of codes for a promotion that needs one, and write them as CSV.

manage.py make_coupons 7 500 --name "Trade fair" > codes.csv     500 codes for promotion 7, each for one use
manage.py make_coupons 7 500 --prefix FAIR --uses 3 --until 2027-01-31 --file codes.csv
manage.py make_coupons --batch 12 > codes.csv       write a batch again, finishing it first if it was interrupted
manage.py make_coupons 7 500 --dry-run              say what would be made
"""

import sys
from contextlib import nullcontext
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from cart import making
from cart.models import CouponBatch, Promotion
from shop.core import csvio
from shop.core.errors import Refused


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("promotion", type=int, nargs="?", help="its number")
        parser.add_argument("count", type=int, nargs="?", help="how many codes")
        parser.add_argument("--name", default="", help="of the batch")
        parser.add_argument("--prefix", default="", help="what the codes begin with")
        parser.add_argument("--uses", type=int, default=1, help="of each code")
        parser.add_argument("--until", type=date.fromisoformat, help="the last day, as 2027-01-31")
        parser.add_argument("--batch", type=int, help="the number of a batch that exists")
        parser.add_argument("--file", help="where to write; else to the standard output")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args, promotion, count, batch, dry_run, **options):
        if dry_run:
            return self.stderr.write(f"{count} codes would be made for “{self._promotion(promotion)}”.")
        found = self._batch(batch) if batch else self._order(promotion, count, **options)
        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("codes", total=found.wanted, completed=found.made)
            for made in making.make(found):
                progress.update(bar, completed=made)
        self._write(found, options["file"])
        self.stderr.write(f"batch {found.pk}: {found.wanted} codes")

    def _order(self, promotion, count, *, name, prefix, uses, until, **options) -> CouponBatch:
        row = self._promotion(promotion)
        ends = until and timezone.make_aware(datetime.combine(until + timedelta(days=1), time()))
        try:
            return making.order_batch(
                row, name=name or row.name, wanted=count or 0, prefix=prefix, uses=uses, ends_at=ends
            )
        except (Refused, ValueError) as refusal:
            raise CommandError(str(refusal)) from refusal

    def _promotion(self, pk) -> Promotion:
        found = Promotion.objects.filter(pk=pk).first()
        if found is None:
            known = ", ".join(
                f"{one.pk} {one.name}" for one in Promotion.objects.filter(needs_code=True)[:20]
            )
            raise CommandError(f"There is no such promotion. Those that need a code: {known or 'none'}.")
        return found

    def _batch(self, pk: int) -> CouponBatch:
        found = CouponBatch.objects.filter(pk=pk).first()
        if found is None:
            raise CommandError("There is no such batch.")
        return found

    def _write(self, batch: CouponBatch, path: str | None) -> None:
        with Path(path).open("wb") if path else nullcontext(sys.stdout.buffer) as out:
            for piece in csvio.written(making.sheet(batch)):
                out.write(piece)
            out.flush()
