"""What was sold, line by line: for a seller's staff, who see their own lines and not the rest of the order."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from orders.models import OrderLine
from shop.core.admin.bases import ReadOnlyAdmin, site


@admin.register(OrderLine, site=site)
class OrderLineAdmin(ReadOnlyAdmin):
    seller_path = "variant__product__seller"
    list_display = [
        "order",
        "sku",
        "article",
        "quantity",
        "sum",
        "shipped",
        "cancelled",
        "returned",
        "placed",
        "state",
    ]
    list_select_related = ["order"]
    search_fields = ["sku", "order__number"]
    list_per_page = 50
    ordering = ["-pk"]
    fields = [("order", "sku"), "article", ("quantity", "sum"), ("shipped", "cancelled", "returned")]
    readonly_fields = ["article", "sum"]

    @display(description=_("article"))
    def article(self, line):
        return f"{line.name}, {line.choices}" if line.choices else line.name

    @display(description=_("amount"), ordering="total_minor")
    def sum(self, line):
        return line.total.format()

    @display(description=_("placed"), ordering="order__placed_at")
    def placed(self, line):
        return line.order.placed_at

    @display(description=_("status"), ordering="order__status")
    def state(self, line):
        return line.order.get_status_display()
