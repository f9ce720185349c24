"""Prove that the books are right: stock, money, orders, mails. Reads only; exit code 1 names what is broken.

manage.py check_integrity                 all checks, in one snapshot of the database
manage.py check_integrity --only N07 N08  those whose code begins so
manage.py check_integrity --media         also looks whether every picture's file is there
manage.py check_integrity --json
"""

import json
import time

from django.core.management.base import BaseCommand, CommandError

from shop.core import integrity


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--only", nargs="+", default=[], metavar="CODE")
        parser.add_argument("--media", action="store_true", help="look at the media storage, too")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--list", action="store_true", help="name the checks and their rules")

    def handle(self, *args, only, media: bool, json: bool, list: bool, **options):
        if list:
            for check in integrity.all_checks():
                self.stdout.write(f"{check.code:28} {check.rule}")
            return
        started = time.monotonic()
        found = integrity.run(only, also=["N20"] if media else [])
        self._print(found, json, time.monotonic() - started)
        if any(found.values()):
            raise CommandError(f"{sum(map(len, found.values()))} rows break a rule.")

    def _print(self, found: dict[str, list[str]], as_json: bool, seconds: float) -> None:
        if as_json:
            self.stdout.write(json.dumps({"checks": found, "seconds": round(seconds, 3)}))
            return
        for code, sentences in found.items():
            for sentence in sentences:
                self.stdout.write(f"{code}: {sentence}")
        clean = sum(not sentences for sentences in found.values())
        self.stdout.write(f"{clean} of {len(found)} checks clean in {seconds:.2f} s.")
