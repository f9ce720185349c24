"""The details step: who and where to. Which fields there are depends on the country; what they may hold says
checkout/addresses.py."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checkout import addresses
from shop.accounts.models.address import PostalAddress
from shop.core.widgets import LongSelect

AUTOCOMPLETE = {
    "name": "name",
    "country": "country",
    "street": "address-line1",
    "extra": "address-line2",
    "company": "organization",
    "postcode": "postal-code",
    "city": "address-level2",
    "region": "address-level1",
    "phone": "tel",
}


class AddressForm(forms.Form):
    """A postal address as its country writes it. `section` is "shipping" or "billing", for the browser's own filling in."""

    FOLDED: tuple[str, ...] = ("company", "extra", "phone")  # wanted by few, so out of the way

    def __init__(self, *args, country: str, countries: Sequence[tuple[str, str]], section: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.section = section
        self._add("name", _("Full name"), missing=_("Enter your full name."), spellcheck="false")
        self.fields["country"] = forms.ChoiceField(
            label=_("Country"),
            choices=countries,
            initial=country,
            error_messages={"required": _("Choose a country."), "invalid_choice": _("Choose a country.")},
            widget=LongSelect(attrs=self._attrs("country") | {"data-refresh": f"{section}-fields"}),
        )
        for field in addresses.fields_for(country):
            self._add_local(field)
        self._add("company", _("Company"), required=False)
        self._add("extra", _("Flat, floor, building"), required=False)
        self._add(
            "phone",
            _("Phone"),
            required=False,
            inputmode="tel",
            help_text=_("Only for questions about the delivery."),
        )
        self.fields["phone"].widget.input_type = "tel"

    def clean(self):
        data = super().clean()
        if not data.get("country"):
            return data
        try:
            return data | addresses.clean(data["country"], data)
        except addresses.AddressRefused as refusal:
            for name, text in refusal.errors.items():
                if name in self.fields and name not in self.errors:
                    self.add_error(name, text)
        return data

    @property
    def local_fields(self):
        """Bound fields in the order of the country, without those in the fold."""
        return [self[name] for name in ("street", "postcode", "city", "region") if name in self.fields]

    @property
    def folded_fields(self):
        return [self[name] for name in self.FOLDED]

    @property
    def fold_is_open(self) -> bool:
        """Whether the fold holds something that must be seen."""
        return any(self[name].errors or self[name].value() for name in self.FOLDED)

    @property
    def address(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in PostalAddress.FIELDS}

    def _add_local(self, field: addresses.AddressField) -> None:
        if field.choices:
            self.fields[field.name] = forms.ChoiceField(
                label=field.label,
                choices=[("", _("Choose …")), *field.choices],
                required=field.required,
                error_messages={"required": field.missing, "invalid_choice": field.missing},
                widget=LongSelect(attrs=self._attrs(field.name)),
            )
        else:
            extra = {"inputmode": "numeric"} if field.numeric else {}
            self._add(field.name, field.label, required=field.required, missing=field.missing, **extra)

    def _add(self, name, label, *, required=True, missing="", help_text="", max_length=1000, **attrs) -> None:
        self.fields[name] = forms.CharField(
            label=label,
            required=required,
            help_text=help_text,
            max_length=max_length,
            error_messages={"required": missing, "max_length": _("That is too long.")},
            widget=forms.TextInput(attrs=self._attrs(name) | attrs),
        )

    def _attrs(self, name: str) -> dict[str, str]:
        known = AUTOCOMPLETE.get(name)
        return {"autocomplete": f"{self.section} {known}" if known else "off"}


class DetailsForm(AddressForm):
    """The delivery address, with the e-mail address before it and what only businesses fill in in the fold."""

    FOLDED = (*AddressForm.FOLDED, "vat_id", "po_number")

    bill_elsewhere = forms.BooleanField(
        label=gettext_lazy("The bill goes to another address"), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, section="shipping", **kwargs)
        self.fields["email"] = forms.EmailField(
            label=_("Email address"),
            max_length=254,
            help_text=_("For the receipt and news of the delivery, nothing else."),
            error_messages={
                "required": _("Enter your email address."),
                "invalid": _("Enter an email address like name@example.com."),
                "max_length": _("That is too long for an email address."),
            },
            widget=forms.EmailInput(
                attrs={
                    "autocomplete": "email",
                    "inputmode": "email",
                    "spellcheck": "false",
                    "autocapitalize": "off",
                }
            ),
        )
        self._add(
            "vat_id",
            _("VAT id"),
            required=False,
            max_length=40,
            help_text=_("For businesses, beginning with the country: DE123456789."),
            spellcheck="false",
            autocapitalize="characters",
        )
        self._add(
            "po_number",
            _("Your order number"),
            required=False,
            max_length=40,
            help_text=_("Printed on the papers, where your bookkeeping wants one."),
        )
        self.order_fields(
            ["email", "name", "country", "street", "company", "extra", "phone", "postcode", "city", "region"]
        )


def typed(data: Mapping[str, str], prefix: str = "") -> dict[str, str]:
    """What was typed so far, to show it again with another country's fields."""
    names = [*PostalAddress.FIELDS, "email", "vat_id", "po_number"]
    start = f"{prefix}-" if prefix else ""
    return {name: data[start + name] for name in names if start + name in data}


class BookForm(AddressForm):
    """An entry of the address book."""

    is_default = forms.BooleanField(label=gettext_lazy("Use this one first"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, section="shipping", **kwargs)
        self.order_fields(
            ["name", "country", "street", "company", "extra", "phone", "postcode", "city", "region"]
        )


class CodeForm(forms.Form):
    """The code of a gift card, as it is typed."""

    code = forms.CharField(
        label=gettext_lazy("Code of the gift card"),
        help_text=gettext_lazy("20 letters and digits; spaces and dashes do not matter."),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Enter the code that is on the gift card.")},
    )
