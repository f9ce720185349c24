from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from orders.explaining import explain
from orders.models import Order


class Command(BaseCommand):
    """Print how an order's total came about, and where its money is.

    manage.py explain_order K7F4-9QXM
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number")

    def handle(self, *args: Any, number: str, **options: Any) -> None:
        order = Order.objects.filter(number=number.strip().upper()).first()
        if order is None:
            raise CommandError(f"There is no order {number}.")
        self.stdout.write("\n".join(explain(order)))
