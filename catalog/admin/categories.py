"""The tree of categories, as an indented list; a branch moves with all that hangs on it."""

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from treebeard.forms import MoveNodeForm, movenodeform_factory
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminImageSmallFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from catalog import photographing
from catalog.admin.parts import thumbnail
from catalog.admin.pictured import PicturedAdmin
from catalog.forms import PictureField
from catalog.models import Category
from shop.core import events
from shop.core.admin.bases import SHARED, site

FIELDS = ["name", "slug", "description", "search_words", "is_published", "in_menu", "on_home"]


class BranchForm(MoveNodeForm):
    """The category's own fields, where it hangs in the tree, and its tile."""

    tile_upload = PictureField(
        label=gettext_lazy("new tile"),
        required=False,
        widget=UnfoldAdminImageSmallFieldWidget,
        help_text=gettext_lazy("Upright, 4 to 5."),
    )
    tile_alt = forms.CharField(
        label=gettext_lazy("tile in words"), required=False, max_length=300, widget=UnfoldAdminTextInputWidget
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & {
            "treebeard_position",
            "treebeard_ref_node",
        }:  # none where it is only seen
            self.fields[name].widget = UnfoldAdminSelectWidget(choices=self.fields[name].choices)
        if self.instance.tile:
            self.initial["tile_alt"] = self.instance.tile.alt


@admin.register(Category, site=site)
class CategoryAdmin(PicturedAdmin):
    seller_path = SHARED
    form = movenodeform_factory(Category, form=BranchForm, fields=FIELDS)
    list_display = ["branch", "product_count", "is_published", "in_menu", "on_home"]
    list_select_related = ["tile"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    ordering = ["path"]
    list_per_page = 200
    readonly_fields = ["shown_tile"]
    actions = None
    fieldsets = [
        (None, {"fields": [("name", "slug"), "description", "search_words"]}),
        (_("Where it hangs"), {"fields": [("treebeard_position", "treebeard_ref_node")]}),
        (_("Where it shows"), {"fields": [("is_published", "in_menu", "on_home")]}),
        (_("Tile"), {"fields": [("shown_tile", "tile_upload"), "tile_alt"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(own_products=Count("products"))

    @display(description=gettext_lazy("category"))
    def branch(self, category):
        return format_html('<span class="branch">{}{}</span>', "\u2003" * (category.depth - 1), category.name)

    @display(description=gettext_lazy("products in it"))
    def product_count(self, category):
        return category.own_products

    @display(description=gettext_lazy("tile now"))
    def shown_tile(self, category):
        return thumbnail(category.tile)

    def view_on_site(self, category):
        return category.get_absolute_url() if category.is_published else None

    def has_delete_permission(self, request, obj=None):
        """Only an empty leaf goes: products would lose their place, and branches below would go too."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or (obj.is_leaf() and not obj.products.exists()))

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        _set_tile(obj, form.cleaned_data, by=request.user)
        events.record("category.changed", obj, by=request.user)


def _set_tile(category: Category, data: dict, *, by) -> None:
    if prepared := data.get("tile_upload"):
        category.tile = photographing.keep(prepared, alt=data["tile_alt"], by=by)
        category.save(update_fields=["tile"])
    elif category.tile and category.tile.alt != data["tile_alt"]:
        category.tile.alt = data["tile_alt"]
        category.tile.save(update_fields=["alt"])
