from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from checkout.gateways.base import GatewayUnavailable
from orders import reconciling


class Command(BaseCommand):
    """Ask the payment provider about everything whose outcome is not known yet. Safe to run at any time, and twice.

    manage.py settle_payments             what is due, and what its webhooks wanted to tell us
    manage.py settle_payments --dry-run   only says what it would look at
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="look at nothing, list what is due")
        parser.add_argument("--limit", type=int, default=500, help="at most so many of each (500)")

    def handle(self, *args: Any, dry_run: bool, limit: int, **options: Any) -> None:
        found = reconciling.due(limit) if dry_run else reconciling.settle_due(limit)
        for attempt in found.attempts:
            if not dry_run:
                attempt.refresh_from_db()
            self.stdout.write(f"payment of order {attempt.order.number}: {attempt.get_status_display()}")
        for refund in found.refunds:
            if not dry_run:
                refund.refresh_from_db()
            self.stdout.write(f"refund of order {refund.order.number}: {refund.get_status_display()}")
        for notice in found.notices:
            self.stdout.write(f"notice {notice.external_id} ({notice.kind}): {notice.status}")
        new = 0 if dry_run else self._read_back()
        self.stdout.write(
            f"{'Would look at' if dry_run else 'Looked at'} {len(found.attempts)} payments, {len(found.refunds)} refunds, "
            f"{len(found.notices)} notices; {new} notices were new."
        )

    def _read_back(self) -> int:
        try:
            return reconciling.read_back_events()
        except GatewayUnavailable as error:
            self.stderr.write(f"The provider's events could not be read back: {error}")
            return 0
