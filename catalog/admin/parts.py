"""The parts of a product's screen: choices, variants, properties, related products."""

from decimal import Decimal
from urllib.parse import urlencode

from django import forms
from django.contrib.admin import display
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.models import BaseInlineFormSet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog import margins
from catalog.forms import PartsField, ValuesField, written
from catalog.models import Option, OptionValue, Photo, Related, Variant
from catalog.pictures import Picture
from shop.core.admin.bases import StackedInline, TabularInline
from shop.core.admin.money import MoneyFields


class RowForm(forms.ModelForm):
    """A row among others. The theme shows only errors that belong to a field, so all others go to the first one."""

    first = ""

    def _post_clean(self):
        super()._post_clean()
        for error in self.errors.pop(NON_FIELD_ERRORS, self.error_class()).as_data():
            self.add_error(self.first, error)


class OptionForm(RowForm):
    first = "name"
    typed = ValuesField(
        label=gettext_lazy("values"),
        widget=UnfoldAdminTextInputWidget(),
        max_length=2000,
        help_text=gettext_lazy(
            "With commas between, in your order; with a colour if you like: Moss #6b7a3f, Berry"
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["typed"] = written(self.instance.values.all())


class OptionInline(TabularInline):
    model = Option
    form = OptionForm
    fields = ["name", "typed", "must_choose", "position"]
    extra = 0
    tab = True

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("values")


class SharedChoices(BaseInlineFormSet):
    """A field whose choices are the same in every row asks for them once. Subclasses name the `field`."""

    field = ""

    def shared(self):
        raise NotImplementedError

    @cached_property
    def rows(self):
        return list(self.shared())

    def add_fields(self, form, index):
        super().add_fields(form, index)
        field = form.fields[self.field]
        field.queryset = field.queryset.filter(pk__in=[row.pk for row in self.rows])
        empty = [] if isinstance(field, forms.ModelMultipleChoiceField) else [("", "---------")]
        field.choices = empty + [(row.pk, self.label(row)) for row in self.rows]

    def label(self, row) -> str:
        return str(row)


class VariantFormSet(SharedChoices):
    """Two variants with the same values could not be told apart."""

    field = "values"

    def shared(self):
        return (
            OptionValue.objects.filter(option__product=self.instance.pk)
            .select_related("option")
            .order_by("option__position", "option", "position")
        )

    def label(self, row) -> str:
        return f"{row.option.name}: {row.name}"

    def clean(self):
        super().clean()
        seen = set()
        for form in self.forms:
            if form in self.deleted_forms or not getattr(form, "cleaned_data", None):
                continue
            values = list(form.cleaned_data.get("values") or [])
            if len({value.option_id for value in values}) < len(values):
                raise ValidationError(_("A variant has one value of each option."))
            key = frozenset(value.pk for value in values)
            if key in seen and form.cleaned_data.get("is_active"):
                raise ValidationError(_("Two variants have the same values."))
            seen |= {key} if form.cleaned_data.get("is_active") else set()


class VariantForm(RowForm):
    first = "price_minor"
    typed_parts = PartsField(
        label=gettext_lazy("set: consists of"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        max_length=1000,
        help_text=gettext_lazy("SKUs with commas between, pieces before them: MUG-1, 2 × PRINT-A3"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            parts = self.instance.parts.all()
            self.initial["typed_parts"] = ", ".join(
                f"{part.quantity} × {part.component.sku}" for part in parts
            )


class VariantInline(MoneyFields, StackedInline):
    model = Variant
    form = VariantForm
    formset = VariantFormSet
    fields = [
        ("sku", "ean13", "is_active", "position"),
        "values",
        ("price_minor", "compare_at_minor", "cost_minor", "margin", "explained"),
        ("weight_g", "width_mm", "height_mm", "depth_mm"),
        ("min_quantity", "max_quantity", "quantity_step", "content_amount", "content_unit"),
        ("low_stock_at", "shelves"),
        ("typed_parts", "percent_off_parts"),
    ]
    readonly_fields = ["margin", "explained", "shelves"]
    extra = 0
    tab = True
    collapsible = True

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .prefetch_related("stock_items__location", "values", "parts__component")
        )

    @display(description=gettext_lazy("margin"))
    def margin(self, variant):
        """Of the price without its tax."""
        if not variant.pk:
            return "–"
        found = margins.margin_of(
            variant.price,
            cost_minor=variant.cost_minor,
            tax_percent=self._tax_in(variant.product.tax_class),
        )
        return f"{found.amount.format()} · {found.percent} %" if found else "–"

    @display(description=gettext_lazy("what it costs whom"))
    def explained(self, variant):
        if not variant.pk:
            return _("after saving")
        query = urlencode({"sku": variant.sku, "quantity": 1, "currency": variant.currency})
        return format_html(
            '<a href="{}?{}">{}</a>',
            reverse("admin:catalog_pricelist_explanation"),
            query,
            _("Why this price?"),
        )

    def _tax_in(self, tax_class) -> Decimal:
        """Asked for once a page."""
        known = self.__dict__.setdefault("_taxes", {})
        if tax_class not in known:
            known[tax_class] = margins.tax_in_prices(tax_class)
        return known[tax_class]

    @display(description=gettext_lazy("stock"))
    def shelves(self, variant):
        """Pieces that can be had, each place leading to its page."""
        if not variant.pk:
            return _("after saving")
        links = [
            format_html(
                '<a href="{}">{}: {}</a>',
                reverse("admin:catalog_stockitem_change", args=[item.pk]),
                item.location,
                item.available,
            )
            for item in variant.stock_items.all()
        ]
        return format_html(" · ".join(["{}"] * len(links)), *links) if links else "–"


class RelatedForm(RowForm):
    first = "other"

    def clean_other(self):
        other = self.cleaned_data["other"]
        if other == self.instance.product:
            raise ValidationError(_("A product is not related to itself."))
        return other


class RelatedInline(TabularInline):
    model = Related
    form = RelatedForm
    fk_name = "product"
    fields = ["other", "position"]
    autocomplete_fields = ["other"]
    extra = 0
    tab = True


def thumbnail(photo: Photo | None) -> str:
    if not photo or not photo.pk:
        return "–"
    return format_html('<img src="{}" alt="{}" width="96" height="96">', Picture.of(photo).thumb, photo.alt)
