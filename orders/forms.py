"""What shoppers post about their orders. Fields that are not named here are not read, whatever else is sent."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.core.tokens import as_written


class PlaceForm(forms.Form):
    """The button of the payment page."""

    gateway = forms.CharField(max_length=20, error_messages={"required": _("Choose how to pay.")})
    fingerprint = forms.CharField(max_length=64)
    terms_version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class PayForm(forms.Form):
    gateway = forms.CharField(max_length=20, error_messages={"required": _("Choose how to pay.")})


class CancellationForm(forms.Form):
    reason = forms.CharField(
        label=_("Why? It helps us"), max_length=200, required=False, widget=forms.TextInput
    )


class TrackForm(forms.Form):
    number = forms.CharField(
        label=_("Order number"),
        max_length=40,
        help_text=_("Like K7F4-9QXM; spaces and dashes do not matter."),
        error_messages={"required": _("Enter your order number")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        error_messages={
            "required": _("Enter your email address"),
            "invalid": _("Enter an email address like name@example.com"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_number(self) -> str:
        """As it is stored, however it was typed."""
        return as_written(self.cleaned_data["number"])
