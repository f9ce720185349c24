"""Companies that buy on invoice: their terms, who buys for them, and what is open since when."""

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from shop.accounts import companies
from shop.accounts.models import Company, CompanyMember
from shop.core.admin.bases import ShopAdmin, TabularInline, site
from shop.core.money import Money


class MemberInline(TabularInline):
    model = CompanyMember
    autocomplete_fields = ["user"]
    extra = 0


@admin.register(Company, site=site)
class CompanyAdmin(ShopAdmin):
    list_display = ["name", "open_sum", "limit", "payment_days", "is_active", "guarantee"]
    list_filter = ["is_active"]
    search_fields = ["name", "vat_id", "memberships__user__email"]
    fields = [
        "name", "vat_id", "currency", "payment_days", "credit_limit_minor", "is_active", "guarantee", "open_sum", "items",
    ]  # fmt: skip
    inlines = [MemberInline]

    def get_readonly_fields(self, request, obj=None):
        return ["open_sum", "items", *(["currency"] if obj else [])]

    def has_delete_permission(self, request, obj=None):
        """What owes, or ever owed, stays in the books."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.entries.exists())

    @display(description=gettext_lazy("open"), ordering="open_minor")
    def open_sum(self, company):
        return company.open.format()

    @display(description=gettext_lazy("credit limit"), ordering="credit_limit_minor")
    def limit(self, company):
        return company.credit_limit.format()

    @display(description=gettext_lazy("open items"))
    def items(self, company):
        today = localdate()
        rows = [
            (
                item["reference"].removeprefix("order:"),
                Money(item["left"], item["currency"]).format(),
                date_format(item["due"], "SHORT_DATE_FORMAT"),
                _("overdue") if item["due"] < today else "",
            )
            for item in companies.open_items(company)
        ]
        return format_html_join("", "<div>{}: {} · {} <strong>{}</strong></div>", rows) or "–"
