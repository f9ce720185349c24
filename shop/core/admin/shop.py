from django.contrib import admin
from django.core.exceptions import PermissionDenied

from shop.core import keeping
from shop.core.admin.bases import ShopAdmin, site
from shop.core.http import see_other
from shop.core.models import Shop


@admin.register(Shop, site=site)
class ShopSettingsAdmin(ShopAdmin):
    """One row: its list is its form."""

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if Shop.objects.filter(pk=1).exists():
            return see_other("admin:core_shop_change", 1)
        return see_other("admin:core_shop_add")

    def save_model(self, request, obj, form, change):
        obj.pk = 1
        super().save_model(request, obj, form, change)
        keeping.forget(keeping.EVERYTHING)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Shop.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False
