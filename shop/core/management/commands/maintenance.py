"""Close the shop for a while, or open it again."""

from datetime import datetime, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shop.core import maintenance


class Command(BaseCommand):
    help = "maintenance on [--until 14:30] closes the shop to everybody but staff, maintenance off opens it."

    def add_arguments(self, parser):
        parser.add_argument(
            "state", nargs="?", choices=["on", "off"], help="without it: says how things stand"
        )
        parser.add_argument("--until", metavar="HH:MM", help="when it opens again, in the shop's time zone")

    def handle(self, *args, **options):
        if options["state"] == "on":
            maintenance.close(until=_moment(options["until"]) if options["until"] else None)
        elif options["state"] == "off":
            maintenance.reopen()
        closing = maintenance.closing()
        if closing is None:
            self.stdout.write("The shop is open.")
        else:
            until = closing.words()
            self.stdout.write(f"The shop is closed{f' until {until}' if until else ''}.")


def _moment(text: str) -> datetime:
    """Today at `text`, or tomorrow where that has passed."""
    try:
        clock = datetime.strptime(text, "%H:%M").time()
    except ValueError as error:
        raise CommandError(f"--until takes a time like 14:30, not {text}.") from error
    now = timezone.localtime()
    moment = now.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return moment if moment > now else moment + timedelta(days=1)
