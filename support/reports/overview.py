"""What the owner sees first: what there is to do, and how the shop is doing.

The list of things to do comes before the figures; each entry leads to the rows it counts.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.apps import apps
from django.db.models import Count, F, Model, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog import preordering
from catalog.models import Review, StockItem
from fulfillment.models import FulfillmentOrder, Return, Shipment
from orders.models import Order
from shop.core.admin.scoping import seller_of
from shop.core.admin.site import site
from shop.core.models import Delivery, Notice, Shop
from shop.core.money import Money
from support.models import Ticket
from support.reports.first_run import steps_to_take

PERIODS = [1, 7, 30]  # days
SOLD = [Order.Status.CONFIRMED, Order.Status.COMPLETED]


@dataclass(frozen=True)
class ToDo:
    text: str
    url: str
    permission: str


class Takings(NamedTuple):
    """What the orders of a day come to."""

    minor: int
    orders: int


NOTHING = Takings(0, 0)


@dataclass(frozen=True)
class Figures:
    """One period beside the one before it."""

    name: str
    sales: Money
    orders: int
    average: Money
    change: int | None  # per cent against the period before; None: nothing there, or a day half over


def dashboard(request, context: dict) -> dict:
    """Unfold's callback: adds ours to the context of the start page."""
    may_see_money = request.user.has_perm("orders.view_order") and seller_of(request) is None
    currency = Shop.current().currency
    sold = sold_by_day() if may_see_money else {}
    days = daily_sales(sold, currency=currency) if may_see_money else []
    return context | {
        "steps": steps_to_take()
        if request.user.has_perm("core.change_shop") and seller_of(request) is None
        else [],
        "to_do": [entry for entry in to_do(seller_of(request)) if _may_see(request, entry.permission)],
        "periods": figures(sold, currency=currency) if may_see_money else [],
        "days": days,
        "bars": bars(days),
    }


def to_do(seller: int | None = None) -> list[ToDo]:
    """What waits for a person, most urgent first; what does not is left out. Of a seller's own rows for its staff."""
    work = dict(_seen(FulfillmentOrder, seller).values_list("status").annotate(Count("pk")).order_by())
    returns = dict(_seen(Return, seller).values_list("status").annotate(Count("pk")).order_by())
    orders, shipments = _list("fulfillment_fulfillmentorder"), _list("fulfillment_shipment")
    picked, packed = work.get("picked", 0), work.get("packed", 0)
    entries = [
        (ngettext("%d order to look at", "%d orders to look at", n := _reviews_needed()), n,
         _list("orders_order") + "?needs_review=yes", "orders.view_order"),
        (ngettext("%d order to pick", "%d orders to pick", n := work.get("released", 0)), n,
         f"{orders}?status__exact=released", "fulfillment.view_fulfillmentorder"),
        (ngettext("%d order to pack", "%d orders to pack", picked), picked,
         f"{orders}?status__exact=picked", "fulfillment.view_fulfillmentorder"),
        (ngettext("%d order to ship", "%d orders to ship", packed), packed,
         f"{orders}?status__exact=packed", "fulfillment.view_fulfillmentorder"),
        (ngettext("%d label failed", "%d labels failed", n := _labels_failed(seller)), n,
         f"{shipments}?status__exact=label_pending", "fulfillment.view_shipment"),
        (ngettext("%d return to decide", "%d returns to decide", n := returns.get("requested", 0)), n,
         _list("fulfillment_return") + "?status__exact=requested", "fulfillment.view_return"),
        (ngettext("%d return to inspect", "%d returns to inspect", n := returns.get("received", 0)), n,
         _list("fulfillment_return") + "?status__exact=received", "fulfillment.view_return"),
        (ngettext("%d ticket to answer", "%d tickets to answer", n := Ticket.objects.filter(status="open").count()), n,
         _list("support_ticket") + "?status__exact=open", "support.view_ticket"),
        (ngettext("%d review to read", "%d reviews to read", n := _seen(Review, seller).filter(status="pending").count()), n,
         _list("catalog_review") + "?pile=waiting", "catalog.view_review"),
        (ngettext("%d preorder is late", "%d preorders are late", n := len(preordering.overdue(seller))), n,
         _list("catalog_stockitem") + "?level=late", "catalog.view_stockitem"),
        (ngettext("%d variant is low", "%d variants are low", n := _low_stock(seller)), n,
         _list("catalog_stockitem") + "?level=low", "catalog.view_stockitem"),
        (ngettext("%d delivery is parked", "%d deliveries are parked", n := Delivery.objects.parked().count()), n,
         _list("core_delivery") + "?state=parked", "core.view_delivery"),
        (ngettext("%d notice matches nothing", "%d notices match nothing", n := _unmatched()), n,
         _list("core_notice") + "?status__exact=unmatched", "core.view_notice"),
    ]  # fmt: skip
    return [ToDo(text % count, url, permission) for text, count, url, permission in entries if count]


def sold_by_day() -> dict[date, Takings]:
    """Confirmed orders, tax in their totals: of the longest period and of the one before it."""
    first = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = (
        Order.objects.filter(status__in=SOLD, placed_at__gte=first - timedelta(days=2 * max(PERIODS) - 1))
        .annotate(day=TruncDate("placed_at"))
        .values_list("day")
        .annotate(minor=Sum("total_minor"), orders=Count("pk"))
        .order_by()
    )
    return {day: Takings(minor, orders) for day, minor, orders in rows}


def figures(sold: dict[date, Takings], *, currency: str) -> list[Figures]:
    """Sales of today and of the last 7 and 30 days, today included, each beside the period before it."""
    return [_figures(sold, days, currency) for days in PERIODS]


def _figures(sold: dict[date, Takings], days: int, currency: str) -> Figures:
    now = [sold.get(day, NOTHING) for day in _last(days)]
    minor, count = sum(day.minor for day in now), sum(day.orders for day in now)
    before = sum(sold.get(day - timedelta(days=days), NOTHING).minor for day in _last(days))
    change = round((minor - before) * 100 / before) if before and days > 1 else None
    name = ngettext("%d day", "%d days", days) % days if days > 1 else _("Today")
    return Figures(
        name, Money(minor, currency), count, Money(minor // count if count else 0, currency), change
    )


def daily_sales(sold: dict[date, Takings], *, currency: str) -> list[tuple[date, Money]]:
    """The days of the longest period, the ones without a sale too."""
    return [(day, Money(sold.get(day, NOTHING).minor, currency)) for day in _last(max(PERIODS))]


def _last(days: int) -> list[date]:
    """So many days up to today, oldest first."""
    today = timezone.localdate()
    return [today - timedelta(days=n) for n in reversed(range(days))]


def bars(days: list[tuple[date, Money]], *, height: int = 120) -> list[dict]:
    """The chart's bars in its own units: 10 wide each, `height` for the best day."""
    best = max((money.minor for _day, money in days), default=0) or 1
    return [
        {
            "x": n * 10,
            "y": height - (tall := round(money.minor * height / best)),
            "height": tall,
            "day": day,
            "money": money,
        }
        for n, (day, money) in enumerate(days)
    ]


def _list(model: str) -> str:
    return reverse(f"admin:{model}_changelist")


def _reviews_needed() -> int:
    return Order.objects.exclude(needs_review="").count()


def _may_see(request, permission: str) -> bool:
    app, _dot, right = permission.partition(".")
    model = apps.get_model(app, right.removeprefix("view_"))
    return site.get_model_admin(model).has_view_permission(request)


def _seen(model: type[Model], seller: int | None) -> QuerySet:
    """The rows that the reader finds on their screen."""
    rows = model._default_manager.all()
    return rows if seller is None else site.get_model_admin(model).visible_to(seller, rows)


def _labels_failed(seller: int | None) -> int:
    return _seen(Shipment, seller).filter(status="label_pending").exclude(label_error="").count()


def _unmatched() -> int:
    return Notice.objects.filter(status="unmatched").count()


def _low_stock(seller: int | None) -> int:
    low = Q(on_hand__gt=F("reserved"), on_hand__lte=F("reserved") + F("variant__low_stock_at"))
    return (
        _seen(StockItem, seller)
        .filter(low, variant__is_active=True, variant__product__status="active")
        .count()
    )
