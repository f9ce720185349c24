"""Bring the standard VAT rates of Europe up to date, and say what changes.

manage.py import_tax_rates --dry-run              what would change from today on
manage.py import_tax_rates --from 2027-01-01      rates that change at midnight of that day
manage.py import_tax_rates --country FI EE        these alone
"""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from checkout import importing_rates

MARKS = {"new": "+", "changed": "~", "look": "?", "same": " "}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument(
            "--from", dest="on", type=date.fromisoformat, help="first day, as 2027-01-01; else today"
        )
        parser.add_argument("--country", nargs="+", default=[], metavar="XX", help="two-letter codes")

    def handle(self, *args, dry_run, on, country, **options):
        try:
            known = importing_rates.known_rates()
        except ImportError as error:
            raise CommandError("Install the rates first: pip install eu-vat-rates-data") from error
        wanted = [code.upper() for code in country]
        if unknown := sorted(set(wanted) - set(known)):
            raise CommandError(f"No rates are known of {', '.join(unknown)}.")
        do = importing_rates.compare if dry_run else importing_rates.apply
        found = do(known, on=on or timezone.localdate(), countries=wanted)
        for finding in found:
            if finding.action != "same":
                self.stdout.write(f"{MARKS[finding.action]} {finding.country}  {finding.words}")
        count = {action: sum(one.action == action for one in found) for action in MARKS}
        verb = "would be" if dry_run else "were"
        self.stdout.write(
            f"{count['new']} {verb} added, {count['changed']} {verb} changed, {count['same']} are the same,"
            f" {count['look']} to be looked at."
        )
