"""Who sells here beside the shop itself."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from shop.accounts import selling
from shop.accounts.models import Seller
from shop.core import events
from shop.core.admin.bases import ShopAdmin, site


@admin.register(Seller, site=site)
class SellerAdmin(ShopAdmin):
    seller_path = "pk"
    list_display = ["name", "email", "people", "is_active"]
    search_fields = ["name", "email"]
    prepopulated_fields = {"slug": ["name"]}
    fields = [("name", "slug"), "imprint", ("email", "is_active")]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("staff")

    @display(description=_("people"))
    def people(self, seller):
        return ", ".join(sorted(str(person) for person in seller.staff.all())) or "–"

    def get_prepopulated_fields(self, request, obj=None):
        return self.prepopulated_fields if self.has_change_permission(request, obj) else {}

    def has_delete_permission(self, request, obj=None):
        """Whoever has sold keeps his name on what he sold: it is closed, not deleted."""
        return False

    def save_model(self, request, obj, form, change):
        wanted = obj.is_active
        if change and "is_active" in form.changed_data:
            obj.is_active = not wanted  # the operation's to change
        super().save_model(request, obj, form, change)
        if not change:
            events.record("seller.added", obj, by=request.user)
        elif "is_active" in form.changed_data:
            (selling.reopen if wanted else selling.close)(obj, by=request.user)
        if set(form.changed_data) & {"name", "slug"}:
            events.record("seller.changed", obj, by=request.user)
