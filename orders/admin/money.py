"""Payments and refunds as lists: to be found by the provider's id, and looked at. Everything is done on the order's page."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from orders.models import PaymentAttempt, Refund
from shop.core.admin.bases import ReadOnlyAdmin, site
from shop.core.remarks import in_words

ATTEMPT_BADGES = {
    "captured": "success",
    "authorized": "info",
    "unknown": "warning",
    "failed": "danger",
    "promised": "info",
}
REFUND_BADGES = dict.fromkeys(Refund.Status, "") | {
    "succeeded": "success",
    "failed": "danger",
    "submitted": "warning",
    "pending": "info",
}


class MoneyAdmin(ReadOnlyAdmin):
    """About an order, with a way to it."""

    list_select_related = ["order"]
    list_per_page = 50

    @display(description=_("order"), ordering="order__number")
    def order_link(self, row):
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:orders_order_change", args=[row.order_id]), row.order.number
        )

    @display(description=_("amount"), ordering="amount_minor")
    def sum(self, row):
        return row.amount.format()


@admin.register(PaymentAttempt, site=site)
class PaymentAttemptAdmin(MoneyAdmin):
    list_display = [
        "created_at",
        "order_link",
        "sum",
        "gateway",
        "state",
        "means",
        "provider_ref",
        "error_code",
        "next_check_at",
    ]
    list_filter = ["status", "gateway", "created_at"]
    search_fields = ["provider_ref", "session_ref", "uuid", "order__number", "order__email"]
    ordering = ["-created_at", "-pk"]

    @display(description=_("status"), ordering="status", label=ATTEMPT_BADGES)
    def state(self, attempt):
        return attempt.status, attempt.get_status_display()


@admin.register(Refund, site=site)
class RefundAdmin(MoneyAdmin):
    list_display = ["created_at", "order_link", "sum", "state", "because", "provider_ref", "error", "by"]
    list_select_related = ["order", "by"]
    list_filter = ["status", "created_at"]
    search_fields = ["provider_ref", "uuid", "order__number", "order__email", "reason"]
    ordering = ["-created_at", "-pk"]

    @display(description=_("status"), ordering="status", label=REFUND_BADGES)
    def state(self, refund):
        return refund.status, refund.get_status_display()

    @display(description=_("reason"), ordering="reason")
    def because(self, refund):
        return in_words(refund.reason)
