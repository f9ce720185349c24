"""Print how a total comes about, step by step.

manage.py explain_quote checkout:12               the checkout with this id or token
manage.py explain_quote checkout:12 --on 2027-01-01   with the prices and tax rates of another day
manage.py explain_quote cart:7                    a cart, as if it went to the shop's own country
manage.py explain_quote order:K7F4-9QXM           as it was agreed when the order was placed
"""

from datetime import date

from django.core.management.base import BaseCommand, CommandError

from cart.models import Cart
from cart.totals import totals
from checkout.estimating import estimate
from checkout.models import Checkout
from checkout.quoting import quote
from orders.models import Order


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("what", help="checkout:…, cart:… or order:…; an id or token alone is a checkout")
        parser.add_argument("--on", type=date.fromisoformat, help="a day, as 2027-01-01; of checkouts only")

    def handle(self, *args, what: str, on: date | None, **options):
        kind, _colon, name = what.rpartition(":")
        explain = {"": _checkout, "checkout": _checkout, "cart": _cart, "order": _order}.get(kind)
        if explain is None:
            raise CommandError("Say checkout:12, cart:7 or order:K7F4-9QXM.")
        steps = explain(name, on)
        if steps is None:
            raise CommandError(f"There is no such {kind or 'checkout'}.")
        self.stdout.write("\n".join(steps))


def _checkout(name: str, on: date | None) -> list[str] | None:
    found = Checkout.objects.filter(**_key(name)).first()
    if found is None:
        return None
    answer = quote(found, on=on)
    return [*answer.steps, f"fingerprint {answer.fingerprint}"]


def _cart(name: str, on: date | None) -> list[str] | None:
    found = Cart.objects.filter(**_key(name)).first()
    return [*estimate(totals(found)).quote.steps] if found else None


def _order(name: str, on: date | None) -> list[str] | None:
    found = Order.objects.filter(number=name.strip().upper()).first()
    if found is None:
        return None
    return [f"as agreed on {found.placed_at:%Y-%m-%d %H:%M} UTC", *found.quote.get("steps", [])]


def _key(name: str) -> dict[str, str]:
    is_id = name.isascii() and name.isdigit() and len(name) < 18
    return {"pk" if is_id else "token": name}
