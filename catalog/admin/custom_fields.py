"""What buyers are asked for a product that is made to order."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog.admin.parts import RowForm
from catalog.models import CustomField
from shop.core.admin.bases import StackedInline
from shop.core.admin.money import MoneyFields
from shop.core.models import Shop
from shop.core.money import Money

OPTION = re.compile(r"^(?P<name>[^+,]{1,60}?)\s*(?:\+\s*(?P<extra>\d{1,7}(?:\.\d{1,3})?))?$", re.ASCII)


class CustomFieldForm(RowForm):
    first = "label"
    typed = forms.CharField(
        label=gettext_lazy("of a choice: what can be chosen"),
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("With commas between, surcharges behind: Oak, Walnut +12.50"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        currency = Shop.current().currency
        written = [
            f"{name} +{Money(extra, currency).to_decimal()}" if extra else name
            for name, extra in self.instance.options
        ]
        self.initial["typed"] = ", ".join(written)

    def clean(self):
        data = super().clean()
        options = [_option(part) for part in (data.get("typed") or "").split(",") if part.strip()]
        if data.get("kind") == CustomField.Kind.CHOICE and not options:
            raise ValidationError({"typed": _("Say what can be chosen.")})
        if len({name for name, _extra in options}) < len(options):
            raise ValidationError({"typed": _("One value stands here twice.")})
        self.instance.options = [list(option) for option in options]
        return data


class CustomFieldInline(MoneyFields, StackedInline):
    model = CustomField
    form = CustomFieldForm
    fields = [
        ("label", "code", "kind", "is_required"),
        "help_text",
        ("max_length", "allowed", "lowest", "highest"),
        "typed",
        ("surcharge_minor", "position"),
    ]
    extra = 0
    tab = True
    collapsible = True


def _option(text: str) -> tuple[str, int]:
    match = OPTION.match(text.strip())
    if not match:
        text = _("“%(value)s”: write a name, and behind it a surcharge like +12.50 if you like.") % {
            "value": text
        }
        raise ValidationError({"typed": text})
    extra = Money.from_decimal(Decimal(match["extra"] or 0), Shop.current().currency).minor
    return match["name"].strip(), extra
