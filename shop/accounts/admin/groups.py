"""Customer groups: who buys under terms of their own."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from shop.accounts.models import CustomerGroup
from shop.core.admin.bases import ShopAdmin, site


@admin.register(CustomerGroup, site=site)
class CustomerGroupAdmin(ShopAdmin):
    list_display = ["name", "people"]
    search_fields = ["name"]
    autocomplete_fields = ["members"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(people=Count("members"))

    @display(description=gettext_lazy("members"), ordering="people")
    def people(self, group):
        return group.people
