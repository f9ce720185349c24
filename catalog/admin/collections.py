"""Collections: the rule as fields, what it finds now beside it, and products picked by hand in their order."""

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold import widgets
from unfold.decorators import display

from catalog.finding import grouping
from catalog.finding.rule_form import RuleForm
from catalog.models import Collection, CollectionItem, Product
from shop.core import keeping
from shop.core.admin.bases import ShopAdmin, TabularInline, site
from shop.core.money import Money

RULE_WIDGETS = {
    **dict.fromkeys(["brand", "tokens"], widgets.UnfoldAdminTextInputWidget()),
    **dict.fromkeys(
        ["price_min", "price_max"], widgets.UnfoldAdminDecimalFieldWidget(attrs={"step": "0.01"})
    ),
    "new_days": widgets.UnfoldAdminIntegerFieldWidget(),
    "rating": widgets.UnfoldAdminSelectWidget(),
    **dict.fromkeys(["reduced", "in_stock"], widgets.UnfoldBooleanSwitchWidget()),
}


class ItemInline(TabularInline):
    model = CollectionItem
    fields = ["product", "position"]
    autocomplete_fields = ["product"]
    extra = 0


@admin.register(Collection, site=site)
class CollectionAdmin(ShopAdmin):
    form = RuleForm
    list_display = ["name", "kind", "is_published", "on_home", "position"]
    list_filter = ["kind", "is_published", "on_home"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["found_now"]
    inlines = [ItemInline]
    fieldsets = [
        (
            None,
            {"fields": [("name", "slug"), "description", ("is_published", "on_home", "position"), "kind"]},
        ),
        (
            gettext_lazy("Rule"),
            {
                "fields": [
                    ("category", "brand"),
                    "tokens",
                    ("price_min", "price_max"),
                    ("new_days", "rating"),
                    ("reduced", "in_stock"),
                ],
                "description": gettext_lazy(
                    "For collections by a rule: all that you fill in must hold. What fits tomorrow is in it tomorrow."
                ),
            },
        ),
        (gettext_lazy("In it now"), {"fields": ["found_now"]}),
    ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The rule's fields as the theme draws them. A category is typed and found; there may be thousands."""
        fields = (form := super().get_form(request, obj, change=change, **kwargs)).base_fields
        chooser = AutocompleteSelect(Product.categories.field, self.admin_site)
        for name, widget in {**RULE_WIDGETS, "category": chooser}.items():
            if choices := getattr(fields[name], "choices", None):
                widget.choices = choices
            fields[name].widget = widget
        return form

    @display(description=gettext_lazy("products"))
    def found_now(self, collection):
        if not collection.pk:
            return _("Save first: then you see here what is in it.")
        rows, total = grouping.preview(collection)
        count = ngettext("%(n)d product", "%(n)d products", total) % {"n": total}
        lines = format_html_join(
            "", "<li>{}, {}</li>", ((row.name, Money(row.price_minor, row.currency)) for row in rows)
        )
        more = "…" if total > len(rows) else ""
        return format_html("<p>{}</p><ol>{}</ol>{}", count, lines, more)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        keeping.forget("lists")
