"""Make the smaller files of photos: those that are missing, after a restore or a change of widths. Workers do it for new ones.

manage.py make_renditions        what is missing
manage.py make_renditions --all  every one anew
manage.py make_renditions --dry-run
"""

import time
from typing import IO, cast

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import track

from catalog.finding.refreshing import BATCH, refresh
from catalog.models import Photo
from catalog.photographing import make_renditions, wanted_widths
from catalog.photos.pictures import rendition_path


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", dest="again", help="those too that are there")
        parser.add_argument("--dry-run", action="store_true", help="only say how many photos lack some")

    def handle(self, *args, again: bool, dry_run: bool, **options):
        began, done, lost = time.monotonic(), 0, []
        products: set[int] = set()
        console = Console(file=cast(IO[str], self.stdout._out), soft_wrap=True)
        photos = Photo.objects.order_by("pk")
        steps = track(
            photos.iterator(),
            "Photos",
            total=photos.count(),
            console=console,
            transient=True,
            disable=dry_run,
        )
        for photo in steps:
            if not (again or _lacks_some(photo)):
                continue
            if not default_storage.exists(str(photo.file.name)):
                lost.append(f"photo {photo.pk}: {photo.file.name}")
                continue
            done += 1
            if not dry_run:
                make_renditions(photo, again=again)
                products |= {photo.product_id} if photo.product_id else set()
            if len(products) >= BATCH:
                refresh(products)
                products.clear()
        refresh(products)
        self._tell(done, lost, dry_run, time.monotonic() - began)

    def _tell(self, done: int, lost: list[str], dry_run: bool, seconds: float) -> None:
        for words in lost:
            self.stderr.write(f"{words} is missing")
        self.stdout.write(
            f"{done} photos lack some." if dry_run else f"{done} photos done in {seconds:.1f} s."
        )


def _lacks_some(photo: Photo) -> bool:
    wanted, name = wanted_widths(photo), str(photo.file.name)
    there = (default_storage.exists(rendition_path(name, width)) for width in wanted)
    return photo.widths != wanted or not all(there)
