"""The fields of a product's screen that depend on its type: one for each attribute, in the manner of its kind."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from unfold.widgets import (
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from catalog import describing
from catalog.models import Attribute, Product, ProductAttribute
from catalog.products import kinds
from shop.core.errors import Refused

PREFIX = "property_"
Kind = Attribute.Kind


class ValueField(forms.Field):
    """What is typed for an attribute, as the list of plain values that `describing.describe` takes."""

    def __init__(self, attribute: Attribute, choices: dict, **kwargs: Any) -> None:
        self.attribute, self.choices = attribute, choices
        widget = _widget(attribute, choices)
        hint = _("One a line.") if isinstance(widget, UnfoldAdminTextareaWidget) else ""
        label = f"{attribute.name} ({attribute.unit})" if attribute.unit else attribute.name
        super().__init__(label=label, required=False, widget=widget, help_text=hint, **kwargs)

    def clean(self, value: Any) -> list[str]:
        raw = _listed(self.attribute, value)
        try:
            describing.parsed(self.attribute, raw, choices=self.choices)
        except Refused as refusal:
            raise ValidationError(refusal.message) from refusal
        return raw

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _listed(self.attribute, initial) != _listed(self.attribute, data)


class DescribedForm(forms.ModelForm):
    """A product with a field for each attribute of its type (`fields_for`), filled with its values."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            return
        found: dict[str, list[str]] = {}
        for row in self.instance.attributes.select_related("choice"):
            found.setdefault(name_of(row.attribute_id), []).append(row.plain)
        for name, field in self.fields.items():
            if isinstance(field, ValueField) and name in found:
                self.initial[name] = _initial(field.attribute, found[name])

    def described(self) -> dict[Attribute, list[str]]:
        """{attribute: its values}, of the fields that were changed."""
        return {
            field.attribute: self.cleaned_data[name]
            for name, field in self.fields.items()
            if isinstance(field, ValueField) and name in self.changed_data
        }


def name_of(attribute_id: int) -> str:
    return f"{PREFIX}{attribute_id}"


def fields_for(product: Product | None) -> dict[str, ValueField]:
    """None before the first save: the type is not known yet."""
    if product is None or not product.pk:
        return {}
    attributes = list(describing.attributes_of(product))
    choices = describing.choices_of(attributes)
    return {name_of(attribute.pk): ValueField(attribute, choices[attribute.pk]) for attribute in attributes}


def left_over(product: Product) -> str:
    """Values that the product's type does not have: kept, but not shown to customers."""
    rows = ProductAttribute.objects.filter(product=product).exclude(pk__in=_applying(product))
    lines = [
        (row.attribute.name, kinds.shown(row.attribute.kind, row.plain, row.attribute.unit))
        for row in rows.select_related("attribute", "choice")
    ]
    return format_html_join("", "<div>{}: {}</div>", lines)


def _applying(product: Product) -> list[int]:
    rows = ProductAttribute.objects.filter(describing.applying(), product=product)
    return list(rows.values_list("pk", flat=True))


def _widget(attribute: Attribute, choices: dict) -> forms.Widget:
    if attribute.kind in Attribute.CHOSEN:
        names = [(choice.name, choice.name) for choice in choices.values()]
        if attribute.is_multiple:
            return UnfoldAdminSelectMultipleWidget(choices=names, attrs={"size": min(8, max(3, len(names)))})
        return UnfoldAdminSelectWidget(choices=[("", "---------"), *names])
    if attribute.kind == Kind.BOOLEAN:
        return UnfoldAdminSelectWidget(choices=[("", "---------"), ("yes", _("Yes")), ("no", _("No"))])
    if attribute.kind == Kind.DATE:
        return UnfoldAdminSingleDateWidget(format="%Y-%m-%d")
    if attribute.kind == Kind.NUMBER:
        return UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"})
    if attribute.is_multiple:
        return UnfoldAdminTextareaWidget(attrs={"rows": 3})
    return UnfoldAdminTextInputWidget(attrs={"maxlength": kinds.LONGEST})


def _initial(attribute: Attribute, values: list[str]) -> Any:
    if attribute.is_multiple:
        return values if attribute.kind in Attribute.CHOSEN else "\n".join(values)
    return values[0]


def _listed(attribute: Attribute, value: Any) -> list[str]:
    parts = value if isinstance(value, list) else str(value or "").splitlines()
    return [text for part in parts if (text := str(part).strip())]
