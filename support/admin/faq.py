from django.contrib import admin

from shop.core import keeping
from shop.core.admin.bases import ShopAdmin, site
from support.models import FaqEntry


@admin.register(FaqEntry, site=site)
class FaqEntryAdmin(ShopAdmin):
    list_display = ["question", "topic", "position", "is_published"]
    list_filter = ["topic", "is_published"]
    search_fields = ["question", "answer"]
    prepopulated_fields = {"slug": ["question"]}

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        keeping.forget(keeping.EVERYTHING)
