"""Ask the carriers about the parcels whose turn it is.

manage.py poll_tracking            those that are due
manage.py poll_tracking --all      every parcel that is under way, whether it is due or not
manage.py poll_tracking --dry-run  only tell which
"""

from django.core.management.base import BaseCommand
from django.db.models.functions import Now

from fulfillment import tracking
from fulfillment.models import Shipment


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="also those that are not due yet")
        parser.add_argument("--dry-run", action="store_true", help="tell which, ask nobody")
        parser.add_argument("--limit", type=int, default=500)

    def handle(self, *args, dry_run, limit, **options):
        under_way = Shipment.objects.filter(status__in=Shipment.UNDER_WAY, next_poll_at__isnull=False)
        due = under_way if options["all"] else under_way.filter(next_poll_at__lte=Now())
        if dry_run:
            for shipment in due[:limit]:
                self.stdout.write(f"{shipment.carrier} {shipment.tracking_number} ({shipment.status})")
            return
        if options["all"]:
            under_way.update(next_poll_at=Now())
        asked = tracking.poll_due(limit=limit)
        self.stdout.write(f"{asked} parcels asked about.")
