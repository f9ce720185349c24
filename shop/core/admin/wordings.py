from django.contrib import admin

from shop.core import keeping, wording
from shop.core.admin.bases import ShopAdmin, site
from shop.core.models import Wording


@admin.register(Wording, site=site)
class WordingAdmin(ShopAdmin):
    list_display = ["text", "language", "wording"]
    list_filter = ["language"]
    search_fields = ["text", "wording"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        wording.forget()
        keeping.forget(keeping.EVERYTHING)
