"""Properties that products have, their kinds and choices; and the types that say which of them apply."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from catalog import describing
from catalog.admin.parts import RowForm
from catalog.models import Attribute, AttributeChoice, ProductType
from catalog.products import guides
from shop.core import events
from shop.core.admin.bases import SHARED, ShopAdmin, TabularInline, site
from shop.core.errors import Refused


class AttributeForm(forms.ModelForm):
    """The kind of an attribute that has values changes only if every value fits the new one."""

    def clean(self):
        data = super().clean()
        attribute = self.instance
        if not self.errors and attribute.pk and "kind" in self.changed_data:
            try:
                describing.check_kind(Attribute.objects.get(pk=attribute.pk), kind=data["kind"])
            except Refused as refusal:
                raise ValidationError({"kind": refusal.message}) from refusal
        return data


class ChoiceForm(RowForm):
    first = "name"

    def clean_color(self):
        return self.cleaned_data["color"].lower()


class ChoiceInline(TabularInline):
    """A choice that products have stays: Django says which ones."""

    model = AttributeChoice
    form = ChoiceForm
    fields = ["name", "color", "position"]
    extra = 0


@admin.register(Attribute, site=site)
class AttributeAdmin(ShopAdmin):
    seller_path = SHARED
    list_display = ["name", "shown_kind", "unit", "is_filter", "is_section", "of_types", "position"]
    list_filter = ["kind", "is_filter", "types"]
    search_fields = ["name", "code"]
    prepopulated_fields = {"code": ["name"]}
    form = AttributeForm
    fields = [("name", "code"), ("kind", "unit", "is_multiple"), ("is_filter", "is_section", "position")]
    inlines = [ChoiceInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("types")

    @display(description=gettext_lazy("kind"), ordering="kind", label=True)
    def shown_kind(self, attribute):
        return attribute.get_kind_display()

    @display(description=gettext_lazy("types"))
    def of_types(self, attribute):
        return ", ".join(kind.name for kind in attribute.types.all()) or "–"

    def save_model(self, request, obj, form, change):
        if change and "kind" in form.changed_data:
            describing.change_kind(obj, kind=form.cleaned_data["kind"], by=request.user)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        guides.forget()
        events.record("attribute.changed", form.instance, by=request.user)


@admin.register(ProductType, site=site)
class ProductTypeAdmin(ShopAdmin):
    seller_path = SHARED
    list_display = ["name", "of_attributes", "products", "position"]
    search_fields = ["name"]
    fields = [("name", "position"), "attributes"]
    filter_horizontal = ["attributes"]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .prefetch_related("attributes")
            .annotate(many=Count("products", distinct=True))
        )

    @display(description=gettext_lazy("attributes"))
    def of_attributes(self, kind):
        return ", ".join(attribute.name for attribute in kind.attributes.all()) or "–"

    @display(description=gettext_lazy("products"), ordering="many")
    def products(self, kind):
        return kind.many

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        events.record("product_type.changed", form.instance, by=request.user)
