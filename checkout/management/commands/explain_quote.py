"""Print how a checkout's total comes about, step by step.

manage.py explain_quote 12                the checkout with this id or token
manage.py explain_quote 12 --on 2027-01-01    with the tax rates of another day
"""

from datetime import date

from django.core.management.base import BaseCommand, CommandError

from checkout.models import Checkout
from checkout.quoting import quote


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("checkout", help="id or token")
        parser.add_argument("--on", type=date.fromisoformat, help="a day, as 2027-01-01")

    def handle(self, *args, checkout: str, on: date | None, **options):
        known = (
            Checkout.objects.filter(pk=checkout)
            if checkout.isdigit()
            else Checkout.objects.filter(token=checkout)
        )
        found = known.first()
        if found is None:
            raise CommandError("There is no such checkout. Give its id or its token.")
        answer = quote(found, on=on)
        for step in answer.steps:
            self.stdout.write(step)
        self.stdout.write(f"fingerprint {answer.fingerprint}")
