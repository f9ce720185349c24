"""Drop the files of photos that no product, review or page shows any more. Workers do the same every day.

manage.py sweep_photos            drop them
manage.py sweep_photos --dry-run  only name them
"""

from django.core.management.base import BaseCommand

from catalog.photos import files


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only name what would be dropped")

    def handle(self, *args, dry_run: bool, **options):
        if not dry_run:
            self.stdout.write(f"{files.sweep()} pictures dropped.")
            return
        for name in files.orphans():
            self.stdout.write(name)
