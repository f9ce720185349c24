from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from orders.expiring import expire_unpaid
from orders.models import Order


class Command(BaseCommand):
    """Give up orders that nobody has paid in time: first their payment is withdrawn, then their goods go back on sale.

    manage.py expire_unpaid
    manage.py expire_unpaid --dry-run   only says which orders are overdue
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing, list what is overdue")
        parser.add_argument("--limit", type=int, default=500, help="at most so many (500)")

    def handle(self, *args: Any, dry_run: bool, limit: int, **options: Any) -> None:
        overdue = list(Order.objects.overdue()[:limit])
        ended = overdue if dry_run else expire_unpaid(limit)
        for order in ended:
            self.stdout.write(f"{order.number}  {order.total.to_decimal()} {order.currency}")
        kept = len(overdue) - len(ended)
        self.stdout.write(f"{len(ended)} orders {'are overdue' if dry_run else 'were given up'}.")
        if kept > 0:
            self.stdout.write(f"{kept} are kept: their payment is under way, or the provider did not answer.")
