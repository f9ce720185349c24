"""What all screens of the sellers share."""

import unfold.admin
from django.utils.functional import Promise

from shop.core.admin import translating
from shop.core.admin.paging import EstimatingPaginator
from shop.core.admin.scoping import CLOSED, SHARED, ScopedChoices, ScopedRows
from shop.core.admin.site import site

__all__ = ["CLOSED", "SHARED", "ReadOnlyAdmin", "ShopAdmin", "StackedInline", "TabularInline", "site"]


class TabularInline(ScopedChoices, unfold.admin.TabularInline):
    """Rows of a screen's object, as a table."""


class StackedInline(ScopedChoices, unfold.admin.StackedInline):
    """Rows of a screen's object, one below another."""


class ShopAdmin(ScopedRows, unfold.admin.ModelAdmin):
    """A screen of ours. Foreign keys never load whole tables; lists count no more than they show; a seller's staff sees
    its own rows (shop/core/admin/scoping.py)."""

    list_filter_submit = True
    list_fullwidth = True
    warn_unsaved_form = True
    show_full_result_count = False
    empty_words: str | Promise = ""  # of an empty list: what makes something stand there
    paginator = EstimatingPaginator

    def get_form(self, request, obj=None, change=False, **kwargs):
        if translating.is_translated(self.model):
            form = kwargs.get("form", self.form)
            kwargs["form"] = translating.with_texts(form, self.model, obj)
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request, obj=None):
        return translating.without_texts(super().get_fields(request, obj))

    def get_fieldsets(self, request, obj=None):
        found = list(super().get_fieldsets(request, obj))
        more = translating.tabs(self.model, obj) if translating.is_translated(self.model) else []
        return [*found, *more]


class ReadOnlyAdmin(ShopAdmin):
    """For what only operations may write: looked at, never typed over."""

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False
