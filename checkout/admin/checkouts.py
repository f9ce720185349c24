"""Checkouts as they stand: looked at, never typed over. The arithmetic is printed line by line."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from checkout import quoting
from checkout.models import Checkout, CheckoutLine
from shop.core.admin.bases import ReadOnlyAdmin, TabularInline, site


class LineInline(TabularInline):
    model = CheckoutLine
    fields = ["variant", "quantity"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Checkout, site=site)
class CheckoutAdmin(ReadOnlyAdmin):
    list_display = ["pk", "status", "email", "country", "shipping_method", "order_number", "updated_at"]
    list_filter = ["status"]
    list_select_related = ["shipping_method__zone"]
    search_fields = ["email", "order_number"]
    ordering = ["-updated_at"]
    exclude = ["token", "cart"]
    readonly_fields = ["arithmetic"]
    inlines = [LineInline]

    @admin.display(description=_("arithmetic"))
    def arithmetic(self, checkout):
        return format_html_join("", "<div>{}</div>", ((step,) for step in quoting.quote(checkout).steps))
