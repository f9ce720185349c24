"""A product's variants as a table: a row each, the rest folded away below it, and a bar that fills a column down."""

from decimal import Decimal
from urllib.parse import urlencode

from django import forms
from django.contrib.admin import display
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from catalog import preordering
from catalog.admin.parts import RowForm
from catalog.forms import PartsField
from catalog.models import OptionValue, Variant
from catalog.prices import margins
from shop.core.admin.bases import TabularInline
from shop.core.admin.money import MoneyFields

FILLED = ["price_minor", "cost_minor", "weight_g"]
PREORDER = {"preorder_day", "preorder_pieces"}


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

    def __init__(self, data=None, *args, **kwargs):
        prefix = kwargs.get("prefix") or self.get_default_prefix()
        super().__init__(_filled(data, prefix) if data and "_fill" in data else data, *args, **kwargs)

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


def _filled(data: QueryDict, prefix: str) -> QueryDict:
    """What was posted, with the bar's figures in the rows that it is for: they are checked as if they were typed."""
    filled = data.copy()
    which = data.get("fill-which", "")
    count = data.get(f"{prefix}-INITIAL_FORMS", "")
    for number in range(min(int(count), 1000) if count.isdecimal() else 0):
        row = f"{prefix}-{number}-"
        if which and which not in data.getlist(f"{row}values"):
            continue
        for name in FILLED:
            if typed := data.get(f"fill-{name}", "").strip():
                filled[row + name] = typed
        if wanted := data.get("fill-is_active", ""):
            filled.pop(f"{row}is_active", None)
            filled |= {f"{row}is_active": "on"} if wanted == "on" else {}
    return filled


class FoldedChoices(forms.CheckboxSelectMultiple):
    """The values of a variant, folded under their names."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = {str(one) for one in value or []}
        names = [label.partition(": ")[2] for pk, label in self.choices if str(pk) in chosen]
        title = " / ".join(names) or ("–" if not self.choices else _("choose"))
        boxes = super().render(name, value, attrs, renderer)
        return format_html('<details class="variants-values"><summary>{}</summary>{}</details>', title, boxes)


class VariantForm(RowForm):
    first = "price_minor"
    typed_parts = PartsField(
        label=gettext_lazy("set: consists of"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        max_length=1000,
        help_text=gettext_lazy("SKUs with commas between, pieces before them: MUG-1, 2 × PRINT-A3"),
    )

    preorder_day = forms.DateField(
        label=gettext_lazy("preorder: ships by"),
        required=False,
        widget=UnfoldAdminSingleDateWidget(),
        help_text=gettext_lazy("Sold before it is there, until this day. Empty: no preorder."),
    )
    preorder_pieces = forms.IntegerField(
        label=gettext_lazy("preorder: pieces"),
        required=False,
        min_value=1,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text=gettext_lazy("How many are expected and may be sold. What comes in is taken off."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            expected = sum(item.expected for item in self.instance.stock_items.all())
            self.initial["preorder_day"] = self.instance.ships_by
            self.initial["preorder_pieces"] = expected or None
            parts = self.instance.parts.all()
            self.initial["typed_parts"] = ", ".join(
                f"{part.quantity} × {part.component.sku}" for part in parts
            )

    def clean(self):
        data = super().clean()
        if PREORDER & set(self.changed_data) and not PREORDER & set(self.errors):
            self._check_preorder(data.get("preorder_day"), data.get("preorder_pieces"))
        return data

    def _check_preorder(self, day, pieces) -> None:
        if (day is None) != (pieces is None):
            field = "preorder_day" if day is None else "preorder_pieces"
            self.add_error(field, _("A preorder has a day and a number of pieces."))
        elif day is not None:
            try:
                preordering.check(self.instance, ships_by=day, pieces=pieces)
            except preordering.WrongPreorder as refusal:
                self.add_error(refusal.data["field"], refusal.message)

    @property
    def chosen(self) -> list[int]:
        """The values it has, for the bar that fills down."""
        return [value.pk for value in self.instance.values.all()] if self.instance.pk else []

    @property
    def has_hidden_errors(self) -> bool:
        return any(name not in VariantInline.ROW for name in self.errors)


class VariantInline(MoneyFields, TabularInline):
    """The first fieldset is the row of the table (templates/admin/catalog/variants.html)."""

    ROW: tuple[str, ...] = (
        "sku",
        "values",
        "price_minor",
        "compare_at_minor",
        "cost_minor",
        "margin",
        "weight_g",
        "shelves",
        "is_active",
    )
    model = Variant
    form = VariantForm
    formset = VariantFormSet
    template = "admin/catalog/variants.html"
    fieldsets = [
        (None, {"fields": ROW}),
        (
            gettext_lazy("More"),
            {
                "fields": [
                    ("ean13", "position", "floor_minor", "explained"),
                    ("width_mm", "height_mm", "depth_mm", "shipping_class"),
                    ("min_quantity", "max_quantity", "quantity_step", "content_amount", "content_unit"),
                    ("low_stock_at", "preorder_day", "preorder_pieces"),
                    ("typed_parts", "percent_off_parts"),
                ]
            },
        ),
    ]
    readonly_fields = ["margin", "explained", "shelves"]
    extra = 1

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "values":
            return db_field.formfield(widget=FoldedChoices)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fieldsets(self, request, obj=None):
        """Price lists are the shop's: whoever may not see them is not led there."""
        row, (title, more) = self.fieldsets
        if request.user.has_perm("catalog.view_pricelist"):
            return [row, (title, more)]
        return [row, (title, more | {"fields": [("ean13", "position", "floor_minor"), *more["fields"][1:]]})]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("product")
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
