"""Join the stylesheet and the script, and say how heavy they are. Serving them needs no such step: see shop/core/assets.py."""

import brotli
from django.core.management.base import BaseCommand

from shop.core import assets


class Command(BaseCommand):
    help = "Writes css/site.css and js/site.js and prints their sizes."

    def handle(self, *args, **options):
        for name in assets.MADE:
            path = assets.make(name)
            raw = path.read_bytes()
            self.stdout.write(f"{name}: {len(raw):,} bytes, {compressed(raw):,} compressed, in {path}")


def compressed(raw: bytes) -> int:
    """Bytes with brotli, as they are served."""
    return len(brotli.compress(raw, quality=11))
