from django.contrib import admin
from django.db.models import F
from django.utils import timezone

from shop.core import keeping
from shop.core.admin.bases import ShopAdmin, site
from shop.core.models import Page


@admin.register(Page, site=site)
class PageAdmin(ShopAdmin):
    list_display = ["title", "slug", "version", "is_published", "updated_at"]
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["version", "updated_at"]

    def save_model(self, request, obj, form, change):
        """A new text is a new version: buyers accept the one that they could read."""
        if change and "body" in form.changed_data:
            obj.version = F("version") + 1
        obj.updated_at = timezone.now()
        super().save_model(request, obj, form, change)
        keeping.forget(keeping.EVERYTHING)
