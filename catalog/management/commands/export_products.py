"""Write all products as CSV: in our own columns, in Shopify's or in WooCommerce's.

manage.py export_products --output products.csv
manage.py export_products --format shopify --output shopify.csv
manage.py export_products > products.csv
"""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from catalog.exporting import TABLES, export


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=list(TABLES), default="till")
        parser.add_argument("--output", default="-", metavar="FILE", help="- is the standard output")

    def handle(self, *args, format: str, output: str, **options):
        pieces = export(format)
        if output == "-":
            for piece in pieces:
                sys.stdout.buffer.write(piece)
            return
        with Path(output).open("wb") as file:
            size = sum(file.write(piece) for piece in pieces)
        self.stderr.write(f"{output}: {size} bytes.")
