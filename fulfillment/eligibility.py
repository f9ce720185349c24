"""Which pieces of an order can still come back, until when, and if not, why."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max, Sum
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fulfillment.models import Return, ReturnLine, ShipmentLine
from orders.models import Order, OrderLine
from shop.core.models import Shop


@dataclass(frozen=True)
class Eligible:
    """A line of an order: `quantity` pieces can be asked back; where none can, `refusal` tells the customer why."""

    line: OrderLine
    quantity: int
    sent: int
    spoken_for: int
    until: date | None  # the last day on which to ask; None: it has not arrived yet
    refusal: str


def eligible(order: Order) -> list[Eligible]:
    """Every line of the order, in its order; three queries however many there are."""
    days = Shop.current().return_days
    arrived, asked = _arrivals(order), _spoken_for(order)
    today = _today(order)
    return [
        _judge(line, arrived.get(line.pk), asked[line.pk], days=days, today=today)
        for line in order.lines.all()
    ]


def last_day(arrived_at: datetime) -> date:
    """Until when goods that arrived then may be asked back."""
    return timezone.localdate(arrived_at) + timedelta(days=Shop.current().return_days)


def _judge(line: OrderLine, arrived: date | None, asked: int, *, days: int, today: date) -> Eligible:
    until = arrived + timedelta(days=days) if arrived else None
    left = line.shipped - asked
    refusal = ""
    if not line.is_sent:
        refusal = _("It was not sent, so it cannot be sent back.")
    elif not line.shipped:
        refusal = _("It has not been sent yet.")
    elif line.is_personal:
        refusal = _("Made to your wishes: it cannot be sent back. Is something wrong with it? Write to us.")
    elif left <= 0:
        refusal = _("You are sending it back already.")
    elif until and until < today:
        refusal = _("The time for returns ended on %(day)s.") % {"day": _day(until)}
    return Eligible(
        line=line,
        quantity=0 if refusal else left,
        sent=line.shipped,
        spoken_for=asked,
        until=until,
        refusal=refusal,
    )


def _arrivals(order: Order) -> dict[int, date]:
    """{order line id: the day on which the last parcel with it arrived}; without those of which one is under way."""
    rows = ShipmentLine.objects.filter(
        shipment__fulfillment_order__order=order, shipment__shipped_at__isnull=False
    )
    waiting = set(rows.filter(shipment__delivered_at=None).values_list("order_line", flat=True))
    moments = rows.values_list("order_line").annotate(at=Max("shipment__delivered_at"))
    return {line: timezone.localdate(at) for line, at in moments if at and line not in waiting}


def _spoken_for(order: Order) -> dict[int, int]:
    rows = ReturnLine.objects.filter(return_request__order=order, return_request__in=Return.objects.alive())
    return defaultdict(int, rows.values_list("order_line").annotate(pieces=Sum("quantity")))


def _today(order: Order) -> date:
    """By the database's clock, in the shop's time zone."""
    return timezone.localdate(Order.objects.filter(pk=order.pk).values_list(Now(), flat=True).get())


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
