"""Money on the sellers' forms: typed as people write it (4.90), kept in minor units (490)."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from shop.core.currency import exponent
from shop.core.models import Shop
from shop.core.money import Money, minor_of

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin as Screen
else:
    Screen = object


class MoneyInput(forms.DecimalField):
    """A model's `…_minor` field as an amount of `currency`."""

    def __init__(self, *, currency: str, **kwargs):
        self.currency = currency
        kwargs.pop("min_value", None), kwargs.pop("max_value", None)
        kwargs.setdefault("widget", UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}))
        super().__init__(max_digits=12, decimal_places=exponent(currency), **kwargs)

    def prepare_value(self, value):
        return Money(value, self.currency).to_decimal() if isinstance(value, int) else value

    def to_python(self, value) -> Decimal | None:  # type: ignore[override]  # a DecimalField is no IntegerField
        """A comma will do as well as a point."""
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)

    def clean(self, value) -> int | None:
        return minor_of(super().clean(value), self.currency)

    def has_changed(self, initial, data) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class MoneyFields(Screen):
    """For an admin or an inline: every `…_minor` field of its model is typed in the shop's currency."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if not db_field.name.endswith("_minor"):
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return MoneyInput(
            currency=Shop.current().currency,
            label=db_field.verbose_name,
            required=not (db_field.blank or db_field.null),
            help_text=db_field.help_text,
        )
