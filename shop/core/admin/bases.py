"""What all screens of the sellers share."""

from unfold.admin import ModelAdmin, StackedInline, TabularInline

from shop.core.admin.site import site

__all__ = ["ReadOnlyAdmin", "ShopAdmin", "StackedInline", "TabularInline", "site"]


class ShopAdmin(ModelAdmin):
    """A screen of ours. Foreign keys never load whole tables; lists count no more than they show."""

    list_filter_submit = True
    list_fullwidth = True
    warn_unsaved_form = True
    show_full_result_count = False


class ReadOnlyAdmin(ShopAdmin):
    """For what only operations may write: looked at, never typed over."""

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False
