"""What may be typed into a quantity: one whole number of at least one, in plain digits, said once."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from cart.models import CartLine

DIGITS = re.compile(r"[0-9]{1,12}", re.ASCII)


class Once(forms.NumberInput):
    """A field that is sent twice is not a number: which of the two would count?"""

    def value_from_datadict(self, data, files, name):
        sent = data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]
        return sent[0] if len(sent) == 1 else ("" if not sent else "repeated")


class WholeNumber(forms.Field):
    """1e3, 0x10, 1_000, −1, half pieces and digits of other scripts are refused, not guessed at."""

    widget = Once

    def __init__(self, *, least: int, most: int, message, **kwargs):
        super().__init__(error_messages={"required": message, "invalid": message}, **kwargs)
        self.least, self.most = least, most

    def to_python(self, value) -> int | None:
        value = (value or "").strip()
        if value in self.empty_values:
            return None
        if not DIGITS.fullmatch(value) or not self.least <= int(value) <= self.most:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(value)


def quantity_field(*, least: int) -> WholeNumber:
    return WholeNumber(
        least=least, most=CartLine.MOST, label=_("Quantity"), message=_("Enter a whole number from 1 to 999.")
    )


class AddForm(forms.Form):
    variant = WholeNumber(least=1, most=10**12, message=_("Choose what to add."))
    quantity = quantity_field(least=1)
    idempotency_key = forms.CharField(required=False, max_length=64)


class ChangeForm(forms.Form):
    """0 takes the line out."""

    quantity = quantity_field(least=0)


class WishForm(forms.Form):
    """wanted: "no" takes it off again."""

    variant = WholeNumber(least=1, most=10**12, message=_("Choose what to save."))
    wanted = forms.CharField(required=False, max_length=3)


class MoveForm(forms.Form):
    list = WholeNumber(least=1, most=10**12, message=_("Choose a list."))


class ListForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the list"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Enter a name for the list."),
            "max_length": _("Shorten the name to %(limit_value)s characters."),
        },
    )
