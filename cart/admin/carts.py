"""Carts as they stand, for questions on the telephone. The token that opens a guest's is not shown."""

from django.contrib import admin
from django.db.models import Count

from cart.models import Cart, CartLine
from shop.core.admin.bases import ReadOnlyAdmin, TabularInline, site


class LineInline(TabularInline):
    model = CartLine
    fields = ["variant", "quantity", "created_at"]
    readonly_fields = ["created_at"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Cart, site=site)
class CartAdmin(ReadOnlyAdmin):
    list_display = ["pk", "user", "things", "currency", "updated_at"]
    list_select_related = ["user"]
    search_fields = ["user__email"]
    ordering = ["-updated_at"]
    fields = ["user", "currency", "created_at", "updated_at"]
    inlines = [LineInline]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(line_count=Count("lines"))

    @admin.display(ordering="line_count")
    def things(self, cart):
        return cart.line_count
