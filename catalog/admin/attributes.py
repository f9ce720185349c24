"""Properties that products have."""

from django.contrib import admin

from catalog.models import Attribute
from shop.core.admin.bases import ShopAdmin, site


@admin.register(Attribute, site=site)
class AttributeAdmin(ShopAdmin):
    list_display = ["name", "code", "unit", "is_filter", "is_section", "position"]
    search_fields = ["name", "code"]
    prepopulated_fields = {"code": ["name"]}
