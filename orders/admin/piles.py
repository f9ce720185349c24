"""The order list in tabs: what waits for somebody first. One query counts them all."""

from dataclasses import dataclass

from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.awaiting import INVOICE
from orders.models import Order
from shop.accounts import companies

Sending, Status = Order.FulfillmentStatus, Order.Status


@dataclass(frozen=True)
class OrderPile:
    name: str
    label: str
    where: Q
    urgent: bool = False


def piles() -> list[OrderPile]:
    confirmed = Q(status=Status.CONFIRMED)
    return [
        OrderPile("all", _("All"), Q()),
        OrderPile("review", _("To look at"), ~Q(needs_review=""), urgent=True),
        OrderPile("unpaid", _("Waiting for payment"), Q(status=Status.PLACED)),
        OrderPile(
            "send",
            _("To send"),
            confirmed & Q(fulfillment_status__in=[Sending.UNFULFILLED, Sending.PARTIAL]),
            urgent=True,
        ),
        OrderPile("away", _("On the way"), confirmed & Q(fulfillment_status=Sending.SHIPPED)),
        OrderPile(
            "collect",
            _("Cash to record"),
            confirmed
            & Q(fulfillment_status=Sending.DELIVERED, payment_status=Order.PaymentStatus.UNPAID)
            & ~Q(gateway=INVOICE),
            urgent=True,
        ),
        OrderPile("overdue", _("Invoice overdue"), Q(number__in=_overdue()), urgent=True),
        OrderPile("done", _("Done"), Q(status=Status.COMPLETED)),
        OrderPile("cancelled", _("Cancelled"), Q(status=Status.CANCELLED)),
    ]


def _overdue() -> list[str]:
    return [reference.removeprefix("order:") for reference in companies.overdue()]


def tabs(request: HttpRequest) -> list[dict]:
    """label, count, query, current, urgent of each pile."""
    counts = Order.objects.aggregate(
        **{pile.name: Count("pk", filter=pile.where) for pile in piles() if pile.where}
    )
    counts["all"] = Order.objects.count()
    chosen = request.GET.get("pile", "all")
    return [
        {
            "label": pile.label,
            "count": counts[pile.name],
            "query": f"?pile={pile.name}",
            "current": pile.name == chosen,
            "urgent": pile.urgent,
        }
        for pile in piles()
    ]


class PileFilter(admin.SimpleListFilter):
    title, parameter_name = gettext_lazy("pile"), "pile"

    def lookups(self, request, model_admin):
        return [(pile.name, pile.label) for pile in piles()]

    def queryset(self, request, queryset):
        where = {pile.name: pile.where for pile in piles()}.get(self.value() or "")
        return queryset.filter(where) if where else queryset


class ReviewFilter(admin.SimpleListFilter):
    title, parameter_name = gettext_lazy("to look at"), "needs_review"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.exclude(needs_review="")
        return queryset.filter(needs_review="") if self.value() == "no" else queryset
