"""Shoppers and staff. Passwords are never typed here: people reset their own."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from shop.accounts.models import Address, User
from shop.core.admin.bases import ShopAdmin, StackedInline, site


class AddressInline(StackedInline):
    model = Address
    extra = 0
    tab = True


@admin.register(User, site=site)
class UserAdmin(ShopAdmin):
    list_display = ["email", "name", "is_staff", "is_active", "date_joined", "last_login"]
    list_filter = ["is_staff", "is_active", "groups"]
    search_fields = ["email", "name"]
    ordering = ["-date_joined"]
    inlines = [AddressInline]
    fieldsets = [
        (None, {"fields": ["email", "name", "language", "is_active", "date_joined", "last_login"]}),
        (_("Staff"), {"fields": ["is_staff", "is_superuser", "groups"], "classes": ["tab"]}),
    ]
    readonly_fields = ["date_joined", "last_login"]
    filter_horizontal = ["groups"]

    def get_readonly_fields(self, request, obj=None):
        """Only owners decide who is staff, and an e-mail address changes by its owner's confirmation alone."""
        owner = [] if request.user.is_superuser else ["is_staff", "is_superuser", "groups"]
        return [*super().get_readonly_fields(request, obj), *owner, *(["email"] if obj else [])]


@admin.register(Group, site=site)
class RoleAdmin(ShopAdmin):
    search_fields = ["name"]
    filter_horizontal = ["permissions"]
