"""Build the feeds for Google Merchant Center and Meta's catalogue anew. The schedule does it four times a day.

manage.py build_feeds               every language
manage.py build_feeds --language de only that one
manage.py build_feeds --dry-run     only say what there would be
"""

import time
from typing import IO, cast

from django.conf import settings
from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import Progress

from catalog import feeding
from catalog.models import Variant
from shop.core.http import absolute


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        codes = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", choices=codes, help="only that one")
        parser.add_argument("--dry-run", action="store_true", help="only say which feeds there would be")

    def handle(self, *args, language: str | None, dry_run: bool, **options):
        if dry_run:
            self.stdout.write("\n".join(absolute(f"/feeds/{name}") for name in feeding.names()))
            return
        codes = [language] if language else [code for code, _name in settings.LANGUAGES]
        console = Console(file=cast(IO[str], self.stdout._out), soft_wrap=True)
        for code in codes:
            began = time.monotonic()
            with Progress(console=console, transient=True) as progress:
                bar = progress.add_task(f"Feeds ({code})", total=Variant.objects.on_sale_now().count())
                made = feeding.build(code, told=lambda entries: progress.advance(bar, entries))  # noqa: B023
            for feed in made:
                self.stdout.write(
                    f"{absolute(f'/feeds/{feed.name}')}: {feed.entries} entries; left out: {feed.without_picture} without"
                    f" a picture, {feed.without_price} that cost nothing ({time.monotonic() - began:.1f} s)"
                )
        feeding.drop_old()
